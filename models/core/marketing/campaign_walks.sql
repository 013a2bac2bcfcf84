with recursive

campaigns as (
    select * from {{ ref('campaigns') }}
),

{# From each campaign up to its root, no node twice: a cycle ends where it would begin again. #}
walks as (
    select
        campaign_id,
        campaign_id as ancestor_id,
        parent_campaign_id as next_id,
        '>' || campaign_id || '>' as trail
    from campaigns
    union all
    select
        walks.campaign_id,
        campaigns.campaign_id as ancestor_id,
        campaigns.parent_campaign_id as next_id,
        walks.trail || campaigns.campaign_id || '>' as trail
    from walks
    inner join campaigns on walks.next_id = campaigns.campaign_id
    where position('>' || campaigns.campaign_id || '>' in walks.trail) = 0
)

select * from walks
