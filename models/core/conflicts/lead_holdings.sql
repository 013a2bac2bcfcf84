{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

leads as (
    select * from {{ ref('leads') }}
),

clusters as (
    select * from {{ ref('lead_clusters') }}
),

lead_events as (
    select * from {{ ref('lead_events') }}
),

cluster_accounts as (
    select
        clusters.cluster_id,
        leads.account_id
    from clusters
    inner join leads on clusters.lead_id = leads.lead_id
    where leads.account_id is not null
    qualify row_number() over (partition by clusters.cluster_id order by leads.created_at, leads.lead_id) = 1
),

moments as (
    select
        lead_events.lead_id,
        max(case when lead_events.kind in ('assigned', 'claimed') then lead_events.occurred_at end) as given_at,
        min(case when lead_events.kind in ('converted', 'won', 'lost', 'disqualified') then lead_events.occurred_on end) as decided_on,
        max(case when lead_events.kind = 'recycled' then lead_events.occurred_at end) as recycled_at
    from lead_events
    cross join settings
    where lead_events.occurred_on <= settings.as_of_date
    group by lead_events.lead_id
)

select
    clusters.lead_id,
    clusters.cluster_id,
    cluster_accounts.account_id,
    leads.owner_id,
    greatest(coalesce(moments.given_at, leads.created_at), leads.created_at) as starts_at,
    least(
        coalesce(moments.decided_on, cast('9999-12-31' as date)),
        case
            when moments.recycled_at >= coalesce(moments.given_at, leads.created_at) then cast(moments.recycled_at as date)
            else cast('9999-12-31' as date)
        end
    ) as ends_on,
    leads.file_id,
    leads.row_number
from clusters
inner join leads on clusters.lead_id = leads.lead_id
left join cluster_accounts on clusters.cluster_id = cluster_accounts.cluster_id
left join moments on clusters.lead_id = moments.lead_id
where leads.owner_id is not null
