{{ conform('spend', 'meta_ads', table='campaign_days', columns={
    'campaign_id': "coalesce(campaign_id, 'meta_ads:' || campaign_name)",
    'channel': "coalesce(platform, 'paid_social')",
}) }}
