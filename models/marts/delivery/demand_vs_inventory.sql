with

flows as (
    select * from {{ ref('product_flows') }}
),

counts as (
    select * from {{ ref('stock_counts') }}
    where next_counted_on = cast('9999-12-31' as date)
),

products as (
    select * from {{ ref('products') }}
),

costs as (
    select * from {{ ref('product_unit_costs') }}
),

projected as (
    select
        flows.*,
        counts.counted_on,
        cast(coalesce(counts.on_hand_quantity, 0) as decimal(18, 3)) as on_hand_quantity,
        coalesce(counts.on_hand_quantity, 0) + sum(flows.incoming_quantity) over to_here as available_quantity,
        coalesce(counts.on_hand_quantity, 0) + sum(flows.incoming_quantity - flows.backlog_quantity - flows.forecast_quantity) over to_here as projected_quantity
    from flows
    left join counts
        on flows.product_id = counts.product_id
    window to_here as (
        partition by flows.product_id
        order by flows.month
        rows between unbounded preceding and current row
    )
),

supplied as (
    select
        *,
        backlog_quantity + forecast_quantity as demand_quantity,
        greatest(projected_quantity - incoming_quantity + backlog_quantity + forecast_quantity, 0) + incoming_quantity as supply_quantity,
        extract(day from last_day(month)) as month_days
    from projected
)

select
    supplied.product_id,
    coalesce(products.product_name, supplied.product_id) as product_name,
    coalesce(products.product_line, '(none)') as product_line,
    supplied.month,
    supplied.counted_on,
    supplied.on_hand_quantity,
    supplied.backlog_quantity,
    supplied.forecast_quantity,
    supplied.incoming_quantity,
    cast(supplied.available_quantity as decimal(18, 3)) as available_quantity,
    cast(supplied.projected_quantity as decimal(18, 3)) as projected_quantity,
    {{ ratio('supplied.supply_quantity * supplied.month_days', 'supplied.demand_quantity') }} as days_of_cover,
    cast(greatest(-supplied.projected_quantity, 0) as decimal(18, 3)) as shortage_quantity,
    {{ cost_times('costs.document_unit_cost', 'greatest(supplied.projected_quantity, 0) * costs.exchange_rate') }} as excess_amount
from supplied
left join products
    on supplied.product_id = products.product_id
left join costs
    on supplied.product_id = costs.product_id
