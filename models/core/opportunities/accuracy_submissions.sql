{{ config(materialized='view', schema='work') }}

with

periods as (
    select * from {{ ref('accuracy_periods') }}
),

submissions as (
    select * from {{ ref('forecast_submissions') }}
    where category = 'commit'
),

holders as (
    select
        periods.reporting_date,
        periods.period,
        submissions.owner_id,
        submissions.amount
    from periods
    inner join submissions
        on periods.period = submissions.period
        and periods.reporting_date >= submissions.submitted_on
        and periods.reporting_date < submissions.replaced_on
),

{{ topmost_of('holders', with_managers_own=true) }}

select
    topmost.period,
    periods.weeks_left,
    topmost.level,
    topmost.level_id,
    'submitted' as method,
    topmost.amount
from topmost
inner join periods
    on topmost.reporting_date = periods.reporting_date
    and topmost.period = periods.period
