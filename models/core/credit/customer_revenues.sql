{{ config(materialized='view', schema='work') }}

with

reporting_dates as (
    select * from {{ ref('reporting_dates') }}
),

daily as (
    select * from {{ ref('customer_sales') }}
),

revenues as (
    select
        reporting_dates.reporting_date,
        daily.account_id,
        {{ money_sum('daily.amount') }} as revenue_amount
    from reporting_dates
    inner join daily
        on reporting_dates.reporting_date >= daily.issued_on
        and {{ add_days('daily.issued_on', 365) }} > reporting_dates.reporting_date
    group by reporting_dates.reporting_date, daily.account_id
),

ranked as (
    select
        *,
        sum(greatest(revenue_amount, 0)) over (
            partition by reporting_date
            order by revenue_amount desc, account_id asc
            rows between unbounded preceding and current row
        ) - greatest(revenue_amount, 0) as revenue_before,
        sum(greatest(revenue_amount, 0)) over (partition by reporting_date) as revenue_of_all
    from revenues
)

select
    reporting_date,
    account_id,
    revenue_amount,
    revenue_amount > 0 and revenue_before < {{ var('high_value_share') }} * revenue_of_all as is_high_value
from ranked
