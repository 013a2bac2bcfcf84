{{ campaigns_of_days(
    'tencent_ads',
    id="coalesce(campaign_id, 'tencent_ads:' || campaign_name)",
    name="campaign_name",
    channel="coalesce(placement, 'paid_social')"
) }}
