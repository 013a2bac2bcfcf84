{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

leads as (
    select * from {{ ref('leads') }}
),

lead_events as (
    select * from {{ ref('lead_events') }}
),

account_events as (
    select * from {{ ref('all_account_events') }}
),

handed_out as (
    select distinct lead_id
    from lead_events
    where kind in ('assigned', 'claimed')
),

owned_from_the_start as (
    select
        leads.lead_id,
        leads.created_at,
        leads.owner_id,
        leads.file_id,
        leads.row_number
    from leads
    left join handed_out
        on leads.lead_id = handed_out.lead_id
    where leads.owner_id is not null and handed_out.lead_id is null
),

entries as (
    select
        'lead' as entity_kind,
        lead_id as entity_id,
        kind,
        occurred_at,
        owner_id,
        file_id,
        row_number
    from lead_events
    where kind in ('assigned', 'claimed') and not coalesce(is_lead_unknown, false)
    union all
    select
        'lead' as entity_kind,
        lead_id as entity_id,
        'assigned' as kind,
        created_at as occurred_at,
        owner_id,
        file_id,
        row_number
    from owned_from_the_start
    union all
    select
        'account' as entity_kind,
        account_id as entity_id,
        kind,
        occurred_at,
        owner_id,
        file_id,
        row_number
    from account_events
    where kind in ('assigned', 'claimed')
)

select
    entries.*,
    cast(entries.occurred_at as date) as claimed_on
from entries
cross join settings
where cast(entries.occurred_at as date) <= settings.as_of_date
