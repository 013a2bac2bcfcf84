{{ config(materialized='view', schema='work') }}

with recursive

campaigns as (
    select * from {{ ref('campaigns') }}
),

branches as (
    select
        parent_campaign_id as campaign_id,
        campaign_id as part_campaign_id,
        actual_cost,
        1 as depth
    from campaigns
    where parent_campaign_id is not null
    union all
    select
        branches.campaign_id,
        campaigns.campaign_id as part_campaign_id,
        campaigns.actual_cost,
        branches.depth + 1 as depth
    from branches
    inner join campaigns on branches.part_campaign_id = campaigns.parent_campaign_id
    where branches.actual_cost is null and branches.depth < 20
)

select distinct
    campaign_id,
    part_campaign_id
from branches
where actual_cost is not null and part_campaign_id <> campaign_id
