{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

rules as (
    select * from {{ ref('link_rules') }}
    where entity = 'lead'
),

leads as (
    select * from {{ ref('leads') }}
)

select
    rules.kind,
    rules.source_id as lead_id,
    rules.target_id as other_lead_id,
    leads.lead_id is not null and others.lead_id is not null as is_known,
    coalesce(leads.created_on <= settings.as_of_date and others.created_on <= settings.as_of_date, false) as is_in_force
from rules
cross join settings
left join leads on rules.source_id = leads.lead_id
left join leads as others on rules.target_id = others.lead_id
