{{ config(materialized='view', schema='work') }}

with

reporting_dates as (
    select * from {{ ref('reporting_dates') }}
),

daily as (
    select * from {{ ref('customer_sales') }}
),

high_value as (
    select case when count(*) = 0 then 0 else coalesce(max(to_value), 1) end as share
    from {{ ref('segments') }}
    where kind = 'abc' and coalesce(from_value, 0) = 0
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
    ranked.reporting_date,
    ranked.account_id,
    ranked.revenue_amount,
    ranked.revenue_amount > 0 and ranked.revenue_before < high_value.share * ranked.revenue_of_all as is_high_value
from ranked
cross join high_value
