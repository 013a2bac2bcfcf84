with

settings as (
    select * from {{ ref('run_settings') }}
),

leads as (
    select * from {{ ref('leads') }}
),

grouped as (
    select * from {{ ref('lead_groups') }}
),

placed as (
    select
        leads.lead_id,
        leads.created_at,
        coalesce(grouped.cluster_id, leads.lead_id) as cluster_id,
        grouped.match_probability,
        grouped.reasons
    from leads
    cross join settings
    left join grouped on leads.lead_id = grouped.lead_id
    where leads.created_on <= settings.as_of_date
)

select
    lead_id,
    cluster_id,
    first_value(lead_id) over (partition by cluster_id order by created_at, lead_id) as survivor_lead_id,
    count(*) over (partition by cluster_id) as leads,
    cast(round(match_probability, 6) as decimal(18, 6)) as match_probability,
    reasons
from placed
