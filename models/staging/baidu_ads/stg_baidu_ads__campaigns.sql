{{ campaigns_of_days(
    'baidu_ads',
    id="coalesce(campaign_id, 'baidu_ads:' || campaign_name)",
    name="campaign_name",
    channel="'paid_search'"
) }}
