{{ config(materialized='view', schema='work') }}

-- The most specific rate of the plan for what was sold: account and product, account, product, product line, the whole plan.

with

gains as (
    select * from {{ ref('commission_gains') }}
),

rates as (
    select
        *,
        coalesce(version, 1) as plan_version,
        case
            when account_id is not null and product_id is not null then 'rate_account_product'
            when account_id is not null and product_line is not null then 'rate_account_product_line'
            when account_id is not null then 'rate_account'
            when product_id is not null then 'rate_product'
            when product_line is not null then 'rate_product_line'
            else 'rate_plan'
        end as rule
    from {{ ref('all_commission_rates') }}
)

select
    gains.owner_id,
    gains.run_id,
    gains.plan_id,
    gains.event_id,
    gains.order_line_id,
    rates.rule,
    rates.rate
from gains
inner join rates
    on gains.plan_id = rates.plan_id
    and gains.plan_version = rates.plan_version
    and (rates.account_id is null or gains.account_id = rates.account_id)
    and (rates.product_id is null or gains.product_id = rates.product_id)
    and (rates.product_line is null or gains.product_line = rates.product_line)
    and gains.occurred_on >= coalesce(rates.valid_from_on, gains.occurred_on)
    and gains.occurred_on <= coalesce(rates.valid_to_on, gains.occurred_on)
qualify
    row_number() over (
        partition by gains.owner_id, gains.run_id, gains.plan_id, gains.event_id, gains.order_line_id
        order by
            rates.account_id is null asc,
            rates.product_id is null asc,
            rates.product_line is null asc,
            rates.valid_from_on desc nulls last
    ) = 1
