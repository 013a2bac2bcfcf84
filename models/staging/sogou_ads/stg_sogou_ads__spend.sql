{{ conform('spend', 'sogou_ads', table='campaign_days', columns={
    'campaign_id': "coalesce(campaign_id, 'sogou_ads:' || campaign_name)",
    'channel': "'paid_search'",
}) }}
