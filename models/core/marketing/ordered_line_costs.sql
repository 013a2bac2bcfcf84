{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

order_lines as (
    select * from {{ ref('all_order_lines') }}
),

opportunity_orders as (
    select * from {{ ref('opportunity_orders') }}
),

product_costs as (
    select
        *,
        lead(valid_from_on, 1, cast('9999-12-31' as date)) over (partition by product_id order by valid_from_on) as valid_until_on
    from {{ ref('all_product_costs') }}
),

products as (
    select * from {{ ref('products') }}
)

select
    order_lines.order_line_id,
    opportunity_orders.opportunity_id,
    order_lines.product_id,
    opportunity_orders.ordered_on,
    order_lines.quantity,
    order_lines.unit_price,
    order_lines.amount,
    coalesce(order_lines.currency, opportunity_orders.currency) as currency,
    coalesce(order_lines.unit_cost, product_costs.unit_cost, products.unit_cost) as unit_cost,
    case
        when order_lines.unit_cost is not null then coalesce(order_lines.currency, opportunity_orders.currency)
        when product_costs.unit_cost is not null then product_costs.currency
        else products.currency
    end as cost_currency
from order_lines
cross join settings
inner join opportunity_orders on order_lines.order_id = opportunity_orders.order_id
left join product_costs
    on order_lines.product_id = product_costs.product_id
    and opportunity_orders.ordered_on >= product_costs.valid_from_on
    and opportunity_orders.ordered_on < product_costs.valid_until_on
left join products on order_lines.product_id = products.product_id
where order_lines.cancelled_on is null or order_lines.cancelled_on > settings.as_of_date
