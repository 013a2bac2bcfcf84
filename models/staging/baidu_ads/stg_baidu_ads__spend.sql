{{ conform('spend', 'baidu_ads', table='campaign_days', columns={
    'campaign_id': "coalesce(campaign_id, 'baidu_ads:' || campaign_name)",
    'channel': "'paid_search'",
    'conversions': "coalesce(conversions, web_conversions + chat_conversions + phone_conversions)",
}) }}
