{{ config(materialized='view', schema='work') }}

with

orders as (
    select * from {{ ref('all_orders') }}
),

contracts as (
    select * from {{ ref('all_contracts') }}
)

select
    orders.order_id,
    coalesce(orders.opportunity_id, contracts.opportunity_id) as opportunity_id,
    orders.ordered_on,
    orders.currency
from orders
left join contracts on orders.contract_id = contracts.contract_id
