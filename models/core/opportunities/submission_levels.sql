with

forecast_periods as (
    select * from {{ ref('forecast_periods') }}
),

submissions as (
    select * from {{ ref('forecast_submissions') }}
    where category = 'commit'
),

holders as (
    select
        forecast_periods.reporting_date,
        forecast_periods.period,
        submissions.owner_id,
        submissions.amount
    from forecast_periods
    inner join submissions
        on forecast_periods.period = submissions.period
        and forecast_periods.reporting_date >= submissions.submitted_on
        and forecast_periods.reporting_date < submissions.replaced_on
),

{{ topmost_of('holders', with_managers_own=true) }}

select
    reporting_date,
    period,
    level,
    level_id,
    amount as submitted_commit_amount
from topmost
