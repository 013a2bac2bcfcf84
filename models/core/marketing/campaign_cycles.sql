{{ config(materialized='view', schema='work') }}

with

walks as (
    select * from {{ ref('campaign_walks') }}
),

closed_walks as (
    select
        campaign_id,
        replace(trim(trail, '>'), '>', ' > ') || ' > ' || campaign_id as cycle
    from walks
    where next_id = campaign_id
),

first_members as (
    select
        campaign_id,
        min(ancestor_id) as first_campaign_id
    from walks
    group by campaign_id
)

select
    closed_walks.campaign_id,
    closed_walks.cycle
from closed_walks
inner join first_members
    on closed_walks.campaign_id = first_members.campaign_id
    and closed_walks.campaign_id = first_members.first_campaign_id
