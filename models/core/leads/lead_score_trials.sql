{{ config(materialized='table', schema='work') }}

with

parts as (
    select * from {{ ref('lead_score_parts') }}
    where not is_for_scoring
),

scores as (
    select
        cut_on,
        lead_id,
        min(converted) as converted,
        cast(sum(log_odds) as decimal(18, 6)) as score
    from parts
    group by cut_on, lead_id
)

select
    *,
    rank() over (partition by cut_on order by score) + (count(*) over (partition by cut_on, score) - 1) / 2.0 as mid_rank,
    row_number() over (partition by cut_on order by score desc, lead_id asc) as place,
    count(*) over (partition by cut_on) as leads,
    ntile(10) over (partition by cut_on order by score, lead_id) as tenth
from scores
