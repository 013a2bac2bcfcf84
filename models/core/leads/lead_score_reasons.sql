{{ config(materialized='table', schema='work') }}

with

parts as (
    select * from {{ ref('lead_score_parts') }}
    where is_for_scoring
),

rules as (
    select * from {{ ref('lead_priority_rules') }}
),

ruled as (
    select
        parts.lead_id,
        parts.attribute,
        parts.value,
        parts.log_odds,
        coalesce(rules.points, 0) as points
    from parts
    left join rules
        on parts.attribute = rules.attribute
        and lower(parts.value) = lower(rules.value)
)

select
    *,
    case
        when log_odds + points > 0
            then attribute || ' ' || value || ' +' || cast(cast(log_odds + points as decimal(18, 2)) as varchar)
        when log_odds + points < 0
            then attribute || ' ' || value || ' ' || cast(cast(log_odds + points as decimal(18, 2)) as varchar)
    end as reason,
    row_number() over (partition by lead_id order by abs(log_odds + points) desc, attribute asc) as place
from ruled
