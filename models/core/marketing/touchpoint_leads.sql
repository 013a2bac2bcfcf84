{{ config(materialized='view', schema='work') }}

with

touches as (
    select * from {{ ref('path_touches') }}
),

leads as (
    select * from {{ ref('leads') }}
)

select
    touchpoint_id,
    lead_id
from touches
where lead_id is not null
union distinct
select
    touches.touchpoint_id,
    leads.lead_id
from touches
inner join leads on touches.email = lower(trim(leads.email))
where touches.lead_id is null
