{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

first_movement as (
    select * from {{ ref('first_movement') }}
),

periods as (
    select * from {{ ref('fiscal_periods') }}
),

weeks as (
    select
        periods.period,
        periods.period_kind,
        periods.starts_on,
        periods.ends_on,
        weeks.number as weeks_left,
        {{ add_days('periods.ends_on', '-7 * weeks.number') }} as reporting_date
    from periods
    inner join settings
        on periods.ends_on <= settings.as_of_date
    cross join {{ numbers(0, 52) }} as weeks
)

select weeks.*
from weeks
inner join first_movement
    on weeks.reporting_date >= first_movement.first_on
where weeks.reporting_date >= weeks.starts_on
