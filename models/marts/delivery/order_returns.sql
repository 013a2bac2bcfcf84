with

settings as (
    select * from {{ ref('run_settings') }}
),

returns as (
    select * from {{ ref('returns') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
)

select
    {{ month_of('returns.returned_on') }} as month,
    order_lines.product_line,
    coalesce(returns.reason, '(none)') as reason,
    count(*) as returns,
    cast(sum(returns.quantity) as decimal(18, 3)) as quantity,
    {{ money_sum('returns.amount') }} as amount
from returns
inner join settings
    on returns.returned_on <= settings.as_of_date
inner join order_lines
    on returns.order_line_id = order_lines.order_line_id
group by {{ month_of('returns.returned_on') }}, order_lines.product_line, coalesce(returns.reason, '(none)')
