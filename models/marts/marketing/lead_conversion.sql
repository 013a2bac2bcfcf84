with

cohorts as (
    select * from {{ ref('lead_cohorts') }}
),

reps as (
    select * from {{ ref('reps') }}
)

select
    cohorts.grain,
    cohorts.cohort_month,
    cohorts.source,
    cohorts.product_line,
    cohorts.owner_id,
    coalesce(reps.owner_name, cohorts.owner_id) as owner_name,
    cohorts.team,
    cohorts.method,
    cohorts.horizon_days,
    cohorts.observed,
    cohorts.converted,
    cohorts.won,
    cohorts.lost,
    {{ ratio('cohorts.converted', 'cohorts.observed') }} as conversion_rate,
    {{ wilson_low('cohorts.converted', 'cohorts.observed') }} as conversion_low,
    {{ wilson_high('cohorts.converted', 'cohorts.observed') }} as conversion_high,
    {{ ratio('cohorts.won', 'cohorts.observed') }} as win_rate,
    {{ wilson_low('cohorts.won', 'cohorts.observed') }} as win_low,
    {{ wilson_high('cohorts.won', 'cohorts.observed') }} as win_high,
    {{ ratio('cohorts.won', 'cohorts.won + cohorts.lost') }} as decided_win_rate,
    {{ wilson_low('cohorts.won', 'cohorts.won + cohorts.lost') }} as decided_win_low,
    {{ wilson_high('cohorts.won', 'cohorts.won + cohorts.lost') }} as decided_win_high
from cohorts
left join reps on cohorts.owner_id = reps.owner_id
