{{ config(materialized='view', schema='work') }}

with

leads as (
    select * from {{ ref('leads') }}
),

opportunities as (
    select * from {{ ref('opportunities') }}
),

links as (
    select
        lead_id,
        opportunity_id
    from opportunities
    where lead_id is not null
    union distinct
    select
        lead_id,
        opportunity_id
    from leads
    where opportunity_id is not null
)

select
    links.lead_id,
    links.opportunity_id,
    opportunities.account_id,
    opportunities.owner_id,
    opportunities.created_at,
    opportunities.won_on,
    opportunities.lost_on,
    opportunities.file_id,
    opportunities.row_number
from links
inner join opportunities on links.opportunity_id = opportunities.opportunity_id
