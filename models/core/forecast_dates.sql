with

settings as (
    select * from {{ ref('run_settings') }}
),

first_movement as (
    select * from {{ ref('first_movement') }}
),

week_ends as (
    select
        {{ add_days('settings.as_of_date', '-' ~ weekday_of('settings.as_of_date') ~ ' % 7 - 7 * weeks.number') }} as forecast_date,
        first_movement.first_on
    from settings
    cross join first_movement
    cross join {{ numbers(0, 1043) }} as weeks
)

select forecast_date
from week_ends
where forecast_date >= first_on
