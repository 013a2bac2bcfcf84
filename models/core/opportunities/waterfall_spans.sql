{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

first_movement as (
    select * from {{ ref('first_movement') }}
),

weeks as (
    select * from {{ ref('pipeline_weeks') }}
),

periods as (
    select * from {{ ref('fiscal_periods') }}
)

select
    'week' as grain,
    'week' as period,
    starts_on,
    opens_on,
    ends_on
from weeks
union all
select
    'period' as grain,
    periods.period,
    periods.starts_on,
    case
        when periods.starts_on > first_movement.first_on then {{ add_days('periods.starts_on', -1) }}
        else cast('0001-01-01' as date)
    end as opens_on,
    least(periods.ends_on, settings.as_of_date) as ends_on
from periods
cross join first_movement
inner join settings
    on periods.starts_on <= settings.as_of_date
{% for period in ['undated', 'all'] -%}
union all
select
    'period' as grain,
    '{{ period }}' as period,
    first_movement.first_on as starts_on,
    cast('0001-01-01' as date) as opens_on,
    settings.as_of_date as ends_on
from settings
cross join first_movement
{% endfor -%}
