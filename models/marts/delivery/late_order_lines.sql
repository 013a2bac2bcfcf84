with

settings as (
    select * from {{ ref('run_settings') }}
),

lines as (
    select * from {{ ref('order_line_promises') }}
    where is_due and not is_on_time_in_full
),

accounts as (
    select * from {{ ref('accounts') }}
),

products as (
    select * from {{ ref('products') }}
)

select
    lines.order_line_id,
    lines.order_id,
    lines.account_id,
    coalesce(accounts.account_name, lines.account_id) as account_name,
    lines.product_id,
    coalesce(products.product_name, lines.product_id) as product_name,
    lines.product_line,
    lines.ordered_on,
    lines.promised_on,
    lines.completed_on,
    {{ days_between('lines.promised_on', 'coalesce(lines.completed_on, settings.as_of_date)') }} as days_late,
    lines.quantity,
    lines.promised_quantity,
    lines.backlog_quantity,
    lines.backlog_amount,
    lines.delay_reason
from lines
cross join settings
left join accounts
    on lines.account_id = accounts.account_id
left join products
    on lines.product_id = products.product_id
