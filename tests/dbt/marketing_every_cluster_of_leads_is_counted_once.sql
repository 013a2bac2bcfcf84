-- Counted leads and the duplicates that another stands for are all leads; each counted lead stands for itself.
with counted as (
    select
        (select count(*) from {{ ref('lead_steps') }}) as leads,
        (select count(*) from {{ ref('lead_journeys') }}) as counted,
        (select count(*) from {{ ref('lead_duplicates') }} where not is_survivor) as duplicates,
        (select count(*) from {{ ref('lead_clusters') }} where lead_id = survivor_lead_id) as survivors
)

select * from counted
where leads <> counted + duplicates or counted <> survivors
