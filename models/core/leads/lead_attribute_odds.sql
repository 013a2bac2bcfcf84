{{ config(materialized='table', schema='work') }}

{#- 20 pseudo-leads at the base rate, so that a value seen a few times says little. -#}
{%- set pseudo_leads = 20 %}

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

learnt as (
    select
        cuts.cut_on,
        decisions.lead_id,
        decisions.converted,
        avg(cast(decisions.converted as double)) over (partition by cuts.cut_on) as base_rate
    from cuts
    inner join decisions
        on cuts.cut_on > decisions.decided_on
),

counted as (
    select
        learnt.cut_on,
        attributes.attribute,
        attributes.value,
        min(learnt.base_rate) as base_rate,
        count(*) as leads,
        sum(learnt.converted) as converted
    from learnt
    inner join attributes
        on learnt.lead_id = attributes.lead_id
    group by learnt.cut_on, attributes.attribute, attributes.value
)

select
    cut_on,
    attribute,
    value,
    base_rate,
    leads,
    converted,
    cast(round(
        ln((converted + {{ pseudo_leads }} * base_rate) / (leads - converted + {{ pseudo_leads }} * (1 - base_rate)))
        - ln(base_rate / (1 - base_rate)), 6
    ) as decimal(18, 6)) as log_odds
from counted
where base_rate > 0 and base_rate < 1
