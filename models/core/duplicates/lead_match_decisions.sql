{{ config(materialized='view', schema='work') }}

with

rules as (
    select * from {{ ref('link_rules') }}
    where entity = 'lead'
),

records as (
    select * from {{ ref('lead_match_records') }}
)

select
    rules.kind,
    rules.source_id as lead_id,
    rules.target_id as other_lead_id
from rules
inner join records on rules.source_id = records.lead_id
inner join records as others on rules.target_id = others.lead_id
