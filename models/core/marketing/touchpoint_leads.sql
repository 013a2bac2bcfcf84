{{ config(materialized='view', schema='work') }}

with

touches as (
    select * from {{ ref('path_touches') }}
),

leads as (
    select * from {{ ref('leads') }}
),

clusters as (
    select * from {{ ref('lead_clusters') }}
    where leads > 1
),

own_leads as (
    select
        touchpoint_id,
        lead_id
    from touches
    where lead_id is not null
    union distinct
    select
        touches.touchpoint_id,
        leads.lead_id
    from touches
    inner join leads on touches.email = lower(trim(leads.email))
    where touches.lead_id is null
)

select
    touchpoint_id,
    lead_id
from own_leads
union distinct
select
    own_leads.touchpoint_id,
    others.lead_id
from own_leads
inner join clusters on own_leads.lead_id = clusters.lead_id
inner join clusters as others on clusters.cluster_id = others.cluster_id
