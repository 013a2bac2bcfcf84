with

forecast_periods as (
    select * from {{ ref('forecast_periods') }}
),

quotas as (
    select * from {{ ref('quota_periods') }}
),

holders as (
    select
        forecast_periods.reporting_date,
        forecast_periods.period,
        quotas.owner_id,
        quotas.quota_amount as amount
    from forecast_periods
    inner join quotas
        on forecast_periods.period = quotas.period
),

{{ topmost_of('holders', with_managers_own=false) }}

select
    reporting_date,
    period,
    level,
    level_id,
    amount as quota_amount
from topmost
