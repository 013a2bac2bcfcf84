-- Counted leads and the duplicates that another stands for are all leads; each counted lead stands for itself.
with

clusters as (
    select
        count(*) as leads,
        count(case when lead_id = survivor_lead_id then 1 end) as survivors
    from {{ ref('lead_clusters') }}
),

duplicates as (
    select count(case when not is_survivor then 1 end) as duplicates
    from {{ ref('lead_duplicates') }}
),

steps as (
    select count(*) as leads
    from {{ ref('lead_steps') }}
),

journeys as (
    select count(*) as counted
    from {{ ref('lead_journeys') }}
)

select
    steps.leads,
    clusters.survivors,
    duplicates.duplicates,
    journeys.counted
from clusters
cross join duplicates
cross join steps
cross join journeys
where
    steps.leads <> clusters.leads
    or steps.leads <> journeys.counted + duplicates.duplicates
    or journeys.counted <> clusters.survivors
