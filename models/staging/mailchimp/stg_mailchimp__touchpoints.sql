{{ conform(
    'touchpoints', 'mailchimp', table='recipient_activity',
    columns={'channel': "'email'", 'kind': 'lower(action)'},
    names={'campaign_id': ['campaigns', 'campaign_id', 'name']}
) }}
