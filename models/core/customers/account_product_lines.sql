with

settings as (
    select * from {{ ref('run_settings') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

invoices as (
    select * from {{ ref('invoices') }}
),

invoice_product_lines as (
    select * from {{ ref('invoice_product_lines') }}
),

ordered as (
    select
        order_lines.account_id,
        order_lines.product_line,
        order_lines.ordered_on as bought_on,
        order_lines.amount
    from order_lines
    cross join settings
    where
        order_lines.ordered_on <= settings.as_of_date
        and coalesce(order_lines.cancelled_on > settings.as_of_date, true)
),

ordering_accounts as (
    select account_id from order_lines
    where account_id is not null
),

{# As with purchases: invoices tell only where no order does. #}
invoiced as (
    select
        invoices.account_id,
        invoice_product_lines.product_line,
        invoices.issued_on as bought_on,
        cast(null as decimal(18, 2)) as amount
    from invoice_product_lines
    inner join invoices
        on invoice_product_lines.invoice_id = invoices.invoice_id
    cross join settings
    where
        invoices.issued_on <= settings.as_of_date
        and invoices.account_id not in (select ordering_accounts.account_id from ordering_accounts)
),

bought as (
    select * from ordered
    union all
    select * from invoiced
)

select
    account_id,
    product_line,
    max(bought_on) as last_bought_on,
    cast(sum(amount) as decimal(18, 2)) as amount
from bought
where account_id is not null and product_line <> '(none)'
group by account_id, product_line
