with

campaigns as (
    {{ one_per_entity('campaign', [
        'name', 'level', 'channel', 'parent_campaign_id', 'starts_on', 'ends_on', 'budget', 'committed_amount',
        'expected_revenue_amount', 'expected_leads', 'actual_cost', 'currency', 'owner_id', 'status',
    ]) }}
)

select
    campaign_id,
    name as campaign_name,
    level,
    {{ channel_of('campaigns.channel', 'campaigns.campaign_id') }} as channel,
    parent_campaign_id,
    starts_on,
    ends_on,
    budget,
    committed_amount,
    expected_revenue_amount,
    expected_leads,
    actual_cost,
    currency,
    owner_id,
    status,
    file_id,
    row_number
from campaigns
