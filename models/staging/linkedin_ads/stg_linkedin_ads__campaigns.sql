{{ campaigns_of_days(
    'linkedin_ads',
    id="coalesce(campaign_group_id, 'linkedin_ads:' || campaign_group_name, campaign_id, 'linkedin_ads:' || campaign_name)",
    name="coalesce(campaign_group_name, campaign_name)",
    channel="'paid_social'"
) }}
