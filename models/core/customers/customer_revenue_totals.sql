{{ config(materialized='view', schema='work') }}

{#- What an account brought in: altogether, in the 365 days to as_of_date, and in the 365 days to its own last invoice, which is
    what a customer who left was worth. -#}

with

settings as (
    select * from {{ ref('run_settings') }}
),

sales as (
    select * from {{ ref('customer_sales') }}
),

happened as (
    select
        sales.account_id,
        sales.issued_on,
        sales.amount,
        settings.as_of_date,
        max(case when sales.amount > 0 then sales.issued_on end) over (partition by sales.account_id) as last_sold_on
    from sales
    cross join settings
    where sales.issued_on <= settings.as_of_date
)

select
    account_id,
    {{ money_sum('amount') }} as revenue_amount,
    {{ money_sum("case when " ~ add_days('issued_on', 365) ~ " > as_of_date then amount end") }} as revenue_12m_amount,
    {{ money_sum("case when " ~ add_days('issued_on', 365) ~ " > last_sold_on then amount end") }} as last_year_amount
from happened
group by account_id
