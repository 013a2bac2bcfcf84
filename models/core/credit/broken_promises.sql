{{ config(materialized='view', schema='work') }}

with

reporting_dates as (
    select * from {{ ref('reporting_dates') }}
),

outcomes as (
    select * from {{ ref('promise_outcomes') }}
    where is_short
)

select
    reporting_dates.reporting_date,
    outcomes.account_id,
    count(*) as broken_promises
from reporting_dates
inner join outcomes
    on reporting_dates.reporting_date >= outcomes.known_on
    and {{ add_days('outcomes.known_on', 365) }} > reporting_dates.reporting_date
group by reporting_dates.reporting_date, outcomes.account_id
