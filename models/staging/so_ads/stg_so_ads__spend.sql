{{ conform('spend', 'so_ads', table='campaign_days', columns={
    'campaign_id': "coalesce(campaign_id, 'so_ads:' || campaign_name)",
    'channel': "'paid_search'",
}) }}
