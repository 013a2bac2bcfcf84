{{ campaigns_of_days(
    'so_ads',
    id="coalesce(campaign_id, 'so_ads:' || campaign_name)",
    name="campaign_name",
    channel="'paid_search'"
) }}
