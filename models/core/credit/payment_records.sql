{{ config(materialized='view', schema='work') }}

with

reporting_dates as (
    select * from {{ ref('reporting_dates') }}
),

delays as (
    select * from {{ ref('payment_delays') }}
)

select
    reporting_dates.reporting_date,
    delays.account_id,
    count(distinct delays.invoice_id) as settled_invoices,
    {{ money_sum('delays.amount') }} as settled_amount,
    {{ money_sum('case when delays.delay_days <= 0 then delays.amount end') }} as on_time_amount,
    sum(cast(delays.amount as decimal(38, 2)) * greatest(delays.delay_days, 0)) as amount_days
from reporting_dates
inner join delays
    on reporting_dates.reporting_date >= delays.applied_on
    and {{ add_days('delays.applied_on', 365) }} > reporting_dates.reporting_date
group by reporting_dates.reporting_date, delays.account_id
