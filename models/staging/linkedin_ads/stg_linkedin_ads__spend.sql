{{ conform('spend', 'linkedin_ads', table='campaign_days', columns={
    'campaign_id': "coalesce(campaign_group_id, 'linkedin_ads:' || campaign_group_name, campaign_id, 'linkedin_ads:' || campaign_name)",
    'channel': "'paid_social'",
}) }}
