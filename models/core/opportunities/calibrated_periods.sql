{{ config(materialized='view', schema='work') }}

with

deals as (
    select * from {{ ref('calibrated_deals') }}
)

select
    reporting_date,
    period,
    owner_id,
    product_line,
    {{ money_sum(money_times('amount', 'probability')) }} as open_calibrated_amount
from deals
group by reporting_date, period, owner_id, product_line
