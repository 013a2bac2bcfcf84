-- A line is open from its order until all of it has shipped or it is cancelled; one without a promise is wanted at once.

with

dates as (
    select * from {{ ref('demand_dates') }}
),

order_lines as (
    select
        order_lines.*,
        orders.opportunity_id is null as is_repeat
    from {{ ref('order_lines') }} as order_lines
    inner join {{ ref('orders') }} as orders
        on order_lines.order_id = orders.order_id
),

shipped as (
    select
        order_line_id,
        shipped_on,
        sum(sum(quantity)) over (partition by order_line_id order by shipped_on) as shipped_to_here
    from {{ ref('shipments') }}
    group by order_line_id, shipped_on
),

completions as (
    select
        order_lines.order_line_id,
        min(shipped.shipped_on) as completed_on
    from order_lines
    inner join shipped
        on order_lines.order_line_id = shipped.order_line_id
        and order_lines.quantity <= shipped.shipped_to_here
    group by order_lines.order_line_id
),

open_lines as (
    select
        dates.reporting_date,
        order_lines.order_line_id,
        coalesce(order_lines.product_id, '(none)') as product_id,
        order_lines.is_repeat,
        {{ month_of('coalesce(order_lines.promised_on, dates.reporting_date)') }} as month,
        order_lines.quantity - coalesce(max(shipped.shipped_to_here), 0) as open_quantity
    from dates
    inner join order_lines
        on dates.reporting_date >= order_lines.ordered_on
        and dates.reporting_date < coalesce(order_lines.cancelled_on, cast('9999-12-31' as date))
    left join completions
        on order_lines.order_line_id = completions.order_line_id
    left join shipped
        on order_lines.order_line_id = shipped.order_line_id
        and dates.reporting_date >= shipped.shipped_on
    where dates.reporting_date < coalesce(completions.completed_on, cast('9999-12-31' as date))
    group by
        dates.reporting_date,
        order_lines.order_line_id,
        order_lines.product_id,
        order_lines.is_repeat,
        order_lines.promised_on,
        order_lines.quantity
)

select
    reporting_date,
    month,
    product_id,
    cast(sum(open_quantity) as decimal(18, 3)) as backlog_quantity,
    cast(sum(case when is_repeat then open_quantity else 0 end) as decimal(18, 3)) as repeat_quantity,
    count(*) as order_lines
from open_lines
where open_quantity > 0
group by reporting_date, month, product_id
