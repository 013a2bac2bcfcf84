{{ conform('spend', 'tencent_ads', table='campaign_days', columns={
    'campaign_id': "coalesce(campaign_id, 'tencent_ads:' || campaign_name)",
    'channel': "coalesce(placement, 'paid_social')",
}) }}
