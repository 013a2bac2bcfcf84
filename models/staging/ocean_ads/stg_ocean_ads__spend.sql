{{ conform('spend', 'ocean_ads', table='campaign_days', columns={
    'campaign_id': "coalesce(campaign_id, 'ocean_ads:' || campaign_name)",
    'channel': "'paid_social'",
}) }}
