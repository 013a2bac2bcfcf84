with

reporting_dates as (
    select * from {{ ref('reporting_dates') }}
),

days as (
    select * from {{ ref('receivable_days') }}
),

ages as (
    select
        reporting_dates.reporting_date,
        days.balance_change_amount,
        days.credit_sales_amount,
        {{ days_between('days.day', 'reporting_dates.reporting_date') }} as age
    from reporting_dates
    left join days
        on reporting_dates.reporting_date >= days.day
)

select
    reporting_date,
    {{ money_sum('balance_change_amount') }} as balance_amount,
    {{ money_sum('case when age >= 90 then balance_change_amount else 0 end') }} as balance_90_days_before_amount,
    {{ money_sum('case when age >= 365 then balance_change_amount else 0 end') }} as balance_365_days_before_amount,
    {{ money_sum('case when age < 90 then credit_sales_amount else 0 end') }} as credit_sales_90_days_amount,
    {{ money_sum('case when age < 365 then credit_sales_amount else 0 end') }} as credit_sales_365_days_amount,
    coalesce(max(age), 0) >= 365 as has_a_year
from ages
group by reporting_date
