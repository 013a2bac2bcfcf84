{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

orders as (
    select * from {{ ref('orders') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

invoices as (
    select * from {{ ref('invoices') }}
),

cancelled_orders as (
    select order_lines.order_id
    from order_lines
    cross join settings
    group by order_lines.order_id
    having count(*) = count(case when order_lines.cancelled_on <= settings.as_of_date then 1 end)
),

ordered as (
    select
        orders.account_id,
        orders.order_id as document_id,
        orders.ordered_on as bought_on
    from orders
    cross join settings
    where
        orders.account_id is not null
        and orders.ordered_on <= settings.as_of_date
        and orders.order_id not in (select cancelled_orders.order_id from cancelled_orders)
),

ordering_accounts as (
    select account_id from orders
    where account_id is not null
),

{# Where nobody exports an account's orders, its invoices tell when it bought. #}
invoiced as (
    select
        invoices.account_id,
        invoices.invoice_id as document_id,
        invoices.issued_on as bought_on
    from invoices
    cross join settings
    where
        invoices.issued_on <= settings.as_of_date
        and invoices.account_id not in (select ordering_accounts.account_id from ordering_accounts)
)

select * from ordered
union all
select * from invoiced
