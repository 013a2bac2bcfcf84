{{ config(materialized='view', schema='work') }}

with

periods as (
    select * from {{ ref('forecast_periods') }}
),

keys as (
    {%- for relation in ['pipeline_levels', 'quota_levels', 'submission_levels'] %}
    select
        reporting_date,
        period,
        level,
        level_id
    from {{ ref(relation) }}
    union distinct
    {%- endfor %}
    select
        reporting_date,
        period,
        'company' as level,
        'company' as level_id
    from periods
)

select
    keys.reporting_date,
    keys.period,
    periods.period_kind,
    periods.starts_on,
    periods.ends_on,
    keys.level,
    keys.level_id
from keys
inner join periods
    on keys.reporting_date = periods.reporting_date
    and keys.period = periods.period
