with

commitments as (
    select * from {{ ref('commitments') }}
),

teams as (
    select * from {{ ref('rep_levels') }}
    where level = 'team'
),

reps as (
    select * from {{ ref('reps') }}
),

counts as (
    select
        period,
        period_kind,
        period_ends_on,
        weeks_before_end,
        reporting_date,
        owner_id,
        count(*) as committed,
        {%- for outcome in ['won', 'lost', 'missed'] %}
        count(case when outcome = '{{ outcome }}' then 1 end) as {{ outcome }},
        {%- endfor %}
        {{ money_sum('amount') }} as committed_amount,
        {{ money_sum("case when outcome = 'won' then amount end") }} as hit_amount
    from commitments
    group by period, period_kind, period_ends_on, weeks_before_end, reporting_date, owner_id
)

select
    counts.period,
    counts.period_kind,
    counts.period_ends_on,
    counts.weeks_before_end,
    counts.reporting_date,
    counts.owner_id,
    coalesce(reps.owner_name, counts.owner_id) as owner_name,
    coalesce(teams.level_id, '(none)') as team,
    counts.committed,
    counts.won,
    counts.lost,
    counts.missed,
    counts.committed_amount,
    counts.hit_amount,
    {{ ratio('counts.won', 'counts.committed') }} as hit_rate,
    {{ wilson_low('counts.won', 'counts.committed') }} as hit_low,
    {{ wilson_high('counts.won', 'counts.committed') }} as hit_high,
    {{ ratio('counts.hit_amount', 'counts.committed_amount') }} as hit_rate_amount
from counts
left join reps
    on counts.owner_id = reps.owner_id
left join teams
    on counts.reporting_date = teams.reporting_date
    and counts.owner_id = teams.owner_id
