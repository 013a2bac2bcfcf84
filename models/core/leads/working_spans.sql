{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

first_movement as (
    select * from {{ ref('first_movement') }}
),

holidays as (
    select * from {{ ref('holidays') }}
),

working_hours as (
    select * from {{ ref('working_hours') }}
),

calendar as (
    select {{ add_days('first_movement.first_on', 'numbers.number') }} as day
    from first_movement
    cross join settings
    cross join {{ numbers(0, 7400) }} as numbers
    where {{ add_days('first_movement.first_on', 'numbers.number') }} <= settings.as_of_date
),

working_days as (
    select
        calendar.day,
        {#- A make-up day has Monday's hours, whatever its weekday. #}
        case
            when not holidays.is_working_day then 0
            when holidays.is_working_day and weekly.weekday is null then 1
            else {{ weekday_of('calendar.day') }}
        end as weekday
    from calendar
    left join holidays
        on calendar.day = holidays.day
    left join (select distinct working_hours.weekday from working_hours) as weekly
        on {{ weekday_of('calendar.day') }} = weekly.weekday
)

select
    working_days.day,
    {{ moment_at('working_days.day', 'working_hours.from_time') }} as opens_at,
    {{ moment_at('working_days.day', 'working_hours.to_time') }} as closes_at
from working_days
inner join working_hours
    on working_days.weekday = working_hours.weekday
