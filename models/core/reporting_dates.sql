with

settings as (
    select * from {{ ref('run_settings') }}
),

first_movement as (
    select * from {{ ref('first_movement') }}
),

month_ends as (
    select last_day({{ add_months(month_of('first_movement.first_on'), 'months.number') }}) as reporting_date
    from first_movement
    cross join {{ numbers(0, 240) }} as months
),

week_ends as (
    select {{ add_days('settings.as_of_date', '-' ~ weekday_of('settings.as_of_date') ~ ' % 7 - 7 * weeks.number') }} as reporting_date
    from settings
    cross join {{ numbers(0, 12) }} as weeks
),

dates as (
    select reporting_date from month_ends
    union distinct
    select reporting_date from week_ends
    union distinct
    select as_of_date as reporting_date from settings
)

select
    dates.reporting_date,
    dates.reporting_date = last_day(dates.reporting_date) as is_month_end,
    {{ weekday_of('dates.reporting_date') }} = 7 as is_week_end,
    dates.reporting_date = settings.as_of_date as is_as_of
from dates
cross join settings
where dates.reporting_date <= settings.as_of_date
