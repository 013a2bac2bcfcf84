{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

stated as (
    select
        *,
        other_source || ':' || other_own_id as other_id
    from {{ ref('all_stated_ids') }}
    where entity = 'lead'
),

leads as (
    select lead_id from {{ ref('leads') }}
    cross join settings
    where created_on <= settings.as_of_date
)

select
    stated.record_id as lead_id,
    stated.other_id as other_lead_id
from stated
inner join leads
    on stated.record_id = leads.lead_id
inner join leads as others
    on stated.other_id = others.lead_id
