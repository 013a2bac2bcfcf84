{{ config(materialized='view', schema='work') }}

with

lead_opportunities as (
    select * from {{ ref('lead_opportunities') }}
),

clusters as (
    select * from {{ ref('lead_clusters') }}
)

select distinct
    lead_opportunities.opportunity_id,
    coalesce(clusters.survivor_lead_id, lead_opportunities.lead_id) as lead_id
from lead_opportunities
left join clusters on lead_opportunities.lead_id = clusters.lead_id
