{%- set levels = 'grain, ' ~ lead_dimensions() -%}

with

cohorts as (
    select * from {{ ref('lead_cohorts') }}
),

incidences as (
    select * from {{ ref('lead_incidences') }}
),

reps as (
    select * from {{ ref('reps') }}
),

counted as (
    select
        *,
        {{ ratio('converted', 'observed') }} as conversion_rate,
        {{ wilson_low('converted', 'observed') }} as conversion_low,
        {{ wilson_high('converted', 'observed') }} as conversion_high,
        {{ ratio('won', 'observed') }} as win_rate,
        {{ wilson_low('won', 'observed') }} as win_low,
        {{ wilson_high('won', 'observed') }} as win_high,
        {{ ratio('won', 'won + lost') }} as decided_win_rate,
        {{ wilson_low('won', '(won + lost)') }} as decided_win_low,
        {{ wilson_high('won', '(won + lost)') }} as decided_win_high
    from cohorts
),

by_method as (
    select
        {{ levels }},
        method,
        horizon_days,
        observed,
        converted,
        won,
        lost,
        conversion_rate,
        conversion_low,
        conversion_high,
        win_rate,
        win_low,
        win_high,
        decided_win_rate,
        decided_win_low,
        decided_win_high
    from counted
    union all
    select
        {{ levels }},
        'incidence' as method,
        horizon_days,
        leads as observed,
        converted,
        won,
        null as lost,
        conversion_rate,
        conversion_low,
        conversion_high,
        win_rate,
        win_low,
        win_high,
        null as decided_win_rate,
        null as decided_win_low,
        null as decided_win_high
    from incidences
)

select
    by_method.grain,
    by_method.cohort_month,
    by_method.source,
    by_method.product_line,
    by_method.owner_id,
    coalesce(reps.owner_name, by_method.owner_id) as owner_name,
    by_method.team,
    by_method.method,
    by_method.horizon_days,
    by_method.observed,
    by_method.converted,
    by_method.won,
    by_method.lost,
    by_method.conversion_rate,
    by_method.conversion_low,
    by_method.conversion_high,
    by_method.win_rate,
    by_method.win_low,
    by_method.win_high,
    by_method.decided_win_rate,
    by_method.decided_win_low,
    by_method.decided_win_high
from by_method
left join reps on by_method.owner_id = reps.owner_id
