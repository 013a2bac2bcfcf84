with

settings as (
    select * from {{ ref('run_settings') }}
),

lines as (
    select
        promises.*,
        coalesce({{ month_of('promises.promised_on') }}, {{ month_of('settings.as_of_date') }}) as month
    from {{ ref('order_line_promises') }} as promises
    cross join settings
),

orders as (
    select
        order_id,
        min(case when is_on_time_in_full then 1 else 0 end) as is_whole
    from lines
    where is_due
    group by order_id
),

by_month as (
    select
        lines.month,
        lines.product_line,
        count(case when lines.is_due then 1 end) as lines_due,
        count(case when lines.is_on_time_in_full then 1 end) as on_time_in_full_lines,
        count(distinct case when lines.is_due then lines.order_id end) as orders_due,
        count(distinct case when lines.is_due and orders.is_whole = 1 then lines.order_id end) as otif_orders,
        percentile_cont(0.5) within group (order by case when lines.is_due then lines.lead_days end) as median_lead_days,
        {{ money_sum('lines.backlog_amount') }} as backlog_amount
    from lines
    left join orders
        on lines.order_id = orders.order_id
    group by lines.month, lines.product_line
)

select
    month,
    product_line,
    lines_due,
    on_time_in_full_lines,
    {{ ratio('on_time_in_full_lines', 'lines_due') }} as otif_rate,
    orders_due,
    otif_orders,
    cast(median_lead_days as decimal(18, 6)) as median_lead_days,
    backlog_amount
from by_month
