-- All months of a product: its backlog is that of its order lines, its forecast that of the open deals, its stock moves by both and by supply.
with

settings as (
    select * from {{ ref('run_settings') }}
),

demand as (
    select * from {{ ref('demand_vs_inventory') }}
),

last_months as (
    select
        product_id,
        on_hand_quantity + sum(incoming_quantity - backlog_quantity - forecast_quantity) - max_by(projected_quantity, month) as difference
    from demand
    group by product_id, on_hand_quantity
),

parts as (
    select
        product_id,
        'backlog' as kind,
        backlog_quantity as quantity
    from demand
    union all
    select
        coalesce(product_id, '(none)') as product_id,
        'backlog' as kind,
        -backlog_quantity as quantity
    from {{ ref('order_line_promises') }}
    union all
    select
        product_id,
        'forecast' as kind,
        forecast_quantity as quantity
    from demand
    union all
    select
        demand.product_id,
        'forecast' as kind,
        -demand.expected_quantity as quantity
    from {{ ref('expected_demand') }} as demand
    inner join settings
        on demand.reporting_date = settings.as_of_date
)

select
    product_id,
    'projected' as kind,
    difference
from last_months
where difference <> 0
union all
select
    product_id,
    kind,
    sum(quantity) as difference
from parts
group by product_id, kind
having sum(quantity) <> 0
