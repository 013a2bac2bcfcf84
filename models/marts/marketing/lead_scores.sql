with

reasons as (
    select * from {{ ref('lead_score_reasons') }}
),

bands as (
    select * from {{ ref('lead_score_bands') }}
),

leads as (
    select * from {{ ref('leads') }}
),

reps as (
    select * from {{ ref('reps') }}
),

scores as (
    select
        lead_id,
        sum(log_odds) as learnt_score,
        sum(points) as points,
        max(case when place = 1 then reason end) as reason_1,
        max(case when place = 2 then reason end) as reason_2,
        max(case when place = 3 then reason end) as reason_3
    from reasons
    group by lead_id
)

select
    scores.lead_id,
    leads.company_name,
    leads.person_name,
    leads.created_on,
    coalesce(leads.source, '(none)') as source,
    coalesce(leads.product_line, '(none)') as product_line,
    coalesce(leads.owner_id, '(none)') as owner_id,
    coalesce(reps.owner_name, leads.owner_id, '(none)') as owner_name,
    cast(scores.learnt_score + scores.points as decimal(18, 6)) as score,
    cast(scores.learnt_score as decimal(18, 6)) as learnt_score,
    cast(scores.points as decimal(18, 6)) as rule_points,
    bands.conversion_probability,
    cast(ntile(5) over (order by scores.learnt_score + scores.points desc, scores.lead_id asc) as bigint) as priority,
    concat_ws('; ', scores.reason_1, scores.reason_2, scores.reason_3) as reasons,
    leads.file_id,
    leads.row_number
from scores
inner join leads
    on scores.lead_id = leads.lead_id
left join bands
    on scores.learnt_score >= bands.band_from
    and scores.learnt_score < bands.band_to
left join reps
    on leads.owner_id = reps.owner_id
