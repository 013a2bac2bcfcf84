{{ campaigns_of_days(
    'sogou_ads',
    id="coalesce(campaign_id, 'sogou_ads:' || campaign_name)",
    name="campaign_name",
    channel="'paid_search'"
) }}
