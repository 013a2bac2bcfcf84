with

clusters as (
    select * from {{ ref('lead_clusters') }}
    where leads > 1
),

leads as (
    select * from {{ ref('leads') }}
),

reps as (
    select * from {{ ref('reps') }}
)

select
    clusters.cluster_id,
    clusters.lead_id,
    clusters.survivor_lead_id,
    clusters.lead_id = clusters.survivor_lead_id as is_survivor,
    clusters.leads,
    clusters.match_probability,
    clusters.reasons,
    leads.company_name,
    leads.person_name,
    leads.email,
    leads.phone,
    leads.city,
    leads.project_name,
    leads.created_on,
    coalesce(leads.source, '(none)') as source,
    coalesce(leads.channel, '(none)') as channel,
    coalesce(leads.owner_id, '(none)') as owner_id,
    coalesce(reps.owner_name, leads.owner_id, '(none)') as owner_name,
    leads.status,
    leads.file_id,
    leads.row_number
from clusters
inner join leads on clusters.lead_id = leads.lead_id
left join reps on leads.owner_id = reps.owner_id
