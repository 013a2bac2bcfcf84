{{ campaigns_of_days(
    'google_ads',
    id="coalesce(campaign_id, 'google_ads:' || campaign_name)",
    name="campaign_name",
    channel="coalesce(campaign_type, 'paid_search')"
) }}
