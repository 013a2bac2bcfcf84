{{ config(materialized='view', schema='work') }}

with

cuts as (
    select * from {{ ref('lead_score_cuts') }}
),

attributes as (
    select * from {{ ref('lead_attributes') }}
),

decisions as (
    select * from {{ ref('lead_decisions') }}
),

odds as (
    select * from {{ ref('lead_attribute_odds') }}
)

select
    cuts.cut_on,
    cuts.is_for_scoring,
    attributes.lead_id,
    attributes.attribute,
    attributes.value,
    decisions.converted,
    coalesce(odds.log_odds, 0) as log_odds
from cuts
inner join decisions
    on (cuts.is_for_scoring and decisions.decided_on is null)
    or (not cuts.is_for_scoring and decisions.decided_on is not null and cuts.cut_on <= decisions.created_on)
inner join attributes
    on decisions.lead_id = attributes.lead_id
left join odds
    on cuts.cut_on = odds.cut_on
    and attributes.attribute = odds.attribute
    and attributes.value = odds.value
