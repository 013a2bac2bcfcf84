with

registrations as (
    select * from {{ ref('registrations') }}
),

counts as (
    select
        month,
        team,
        count(*) as submitted,
        count(decided_at) as decided,
        count(case when decision = 'approved' then 1 end) as approved,
        count(*) - count(decided_at) as waiting,
        percentile_cont(0.5) within group (order by cast(case when seconds_to_decision < 0 then 0 else seconds_to_decision end as double)) as median_seconds,
        coalesce(sum(case when seconds_to_decision < 0 then 0 else seconds_to_decision end), 0) as seconds_sum,
        count(case when is_in_conflict then 1 end) as conflicts,
        count(case when is_lost_while_waiting then 1 end) as lost_while_waiting
    from registrations
    group by month, team
)

select
    month,
    team,
    submitted,
    decided,
    approved,
    waiting,
    {{ money_ratio('median_seconds', '1', '3600', 0) }} as median_hours,
    {{ money_ratio('seconds_sum', '1', '3600', 0) }} as hours_sum,
    {{ ratio('approved', 'decided') }} as approval_rate,
    {{ wilson_low('approved', 'decided') }} as approval_low,
    {{ wilson_high('approved', 'decided') }} as approval_high,
    conflicts,
    lost_while_waiting
from counts
