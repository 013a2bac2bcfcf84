{{ config(materialized='view', schema='work') }}

{#- What share converted of those with a score like this, measured on leads that the score had not seen. #}

with

trials as (
    select * from {{ ref('lead_score_trials') }}
),

settings as (
    select * from {{ ref('run_settings') }}
),

half_a_year as (
    select
        trials.*,
        avg(cast(trials.converted as double)) over () as base_rate
    from trials
    inner join settings
        on trials.cut_on = {{ add_months('settings.as_of_date', -6) }}
),

bands as (
    select
        tenth,
        min(score) as from_score,
        count(*) as leads,
        sum(converted) as converted,
        cast(round((sum(converted) + 20 * min(base_rate)) / (count(*) + 20), 6) as decimal(18, 6)) as conversion_probability
    from half_a_year
    group by tenth
)

select
    *,
    case when tenth = 1 then cast(-999 as decimal(18, 6)) else from_score end as band_from,
    lead(from_score, 1, cast(999 as decimal(18, 6))) over (order by tenth) as band_to
from bands
