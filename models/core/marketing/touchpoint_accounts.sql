{{ config(materialized='view', schema='work') }}

with

touches as (
    select * from {{ ref('path_touches') }}
),

touchpoint_leads as (
    select * from {{ ref('touchpoint_leads') }}
),

leads as (
    select * from {{ ref('leads') }}
),

lead_opportunities as (
    select * from {{ ref('lead_opportunities') }}
),

contacts as (
    select * from {{ ref('all_contacts') }}
),

accounts_of_leads as (
    select
        lead_id,
        account_id
    from leads
    union distinct
    select
        lead_id,
        account_id
    from lead_opportunities
)

select
    touchpoint_id,
    account_id
from touches
where account_id is not null
union distinct
select
    touchpoint_leads.touchpoint_id,
    accounts_of_leads.account_id
from touchpoint_leads
inner join accounts_of_leads on touchpoint_leads.lead_id = accounts_of_leads.lead_id
where accounts_of_leads.account_id is not null
union distinct
select
    touches.touchpoint_id,
    contacts.account_id
from touches
inner join contacts on touches.email = lower(trim(contacts.email))
where touches.account_id is null and contacts.account_id is not null
