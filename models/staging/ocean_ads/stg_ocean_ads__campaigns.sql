{{ campaigns_of_days(
    'ocean_ads',
    id="coalesce(campaign_id, 'ocean_ads:' || campaign_name)",
    name="campaign_name",
    channel="'paid_social'"
) }}
