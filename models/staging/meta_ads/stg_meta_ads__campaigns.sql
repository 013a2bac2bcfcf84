{{ campaigns_of_days(
    'meta_ads',
    id="coalesce(campaign_id, 'meta_ads:' || campaign_name)",
    name="campaign_name",
    channel="coalesce(platform, 'paid_social')"
) }}
