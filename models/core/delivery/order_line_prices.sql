{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

order_lines as (
    select * from {{ ref('all_order_lines') }}
),

orders as (
    select * from {{ ref('orders') }}
),

products as (
    select * from {{ ref('products') }}
),

product_costs as (
    select
        *,
        lead(valid_from_on, 1, cast('9999-12-31' as date)) over (partition by product_id order by valid_from_on) as valid_until_on
    from {{ ref('all_product_costs') }}
)

select
    order_lines.order_line_id,
    order_lines.order_id,
    orders.account_id,
    orders.ordered_on,
    order_lines.product_id,
    products.product_line,
    order_lines.quantity,
    order_lines.unit_price,
    order_lines.amount,
    coalesce(order_lines.currency, orders.currency, settings.company_currency) as currency,
    coalesce(order_lines.unit_cost, product_costs.unit_cost, products.unit_cost) as unit_cost,
    coalesce(
        case
            when order_lines.unit_cost is not null then coalesce(order_lines.currency, orders.currency)
            when product_costs.unit_cost is not null then product_costs.currency
            else products.currency
        end,
        settings.company_currency
    ) as cost_currency,
    order_lines.promised_on,
    order_lines.cancelled_on,
    coalesce(order_lines.is_commissionable, true) as is_commissionable,
    order_lines.file_id,
    order_lines.row_number
from order_lines
cross join settings
inner join orders
    on order_lines.order_id = orders.order_id
left join products
    on order_lines.product_id = products.product_id
left join product_costs
    on order_lines.product_id = product_costs.product_id
    and orders.ordered_on >= product_costs.valid_from_on
    and orders.ordered_on < product_costs.valid_until_on
