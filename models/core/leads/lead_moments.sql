{{ config(materialized='view', schema='work') }}

with

settings as (
    select
        *,
        cast({{ add_days('as_of_date', 1) }} as timestamp) as ends_at
    from {{ ref('run_settings') }}
),

leads as (
    select * from {{ ref('leads') }}
),

steps as (
    select * from {{ ref('lead_steps') }}
),

events as (
    select * from {{ ref('lead_events') }}
),

first_owners as (
    select
        events.lead_id,
        min_by(events.owner_id, cast(events.occurred_at as varchar) || ' ' || events.kind) as owner_id
    from events
    cross join settings
    where events.kind in ('assigned', 'claimed') and events.owner_id is not null and events.occurred_at < settings.ends_at
    group by events.lead_id
),

responses as (
    select
        events.lead_id,
        min(events.occurred_at) as responded_at
    from events
    cross join settings
    where events.kind = 'responded' and events.occurred_at < settings.ends_at
    group by events.lead_id
)

select
    leads.lead_id,
    leads.created_at,
    leads.created_on,
    coalesce(first_owners.owner_id, leads.owner_id) as owner_id,
    leads.source,
    responses.responded_at,
    greatest(coalesce(responses.responded_at, settings.ends_at), leads.created_at) as until_at,
    responses.responded_at is null and coalesce(
        steps.converted_on, steps.won_on, steps.lost_on, steps.disqualified_on
    ) is null as is_waiting,
    steps.days_to_converted,
    steps.days_observed
from leads
cross join settings
inner join steps
    on leads.lead_id = steps.lead_id
left join first_owners
    on leads.lead_id = first_owners.lead_id
left join responses
    on leads.lead_id = responses.lead_id
