{{ conform(
    'leads', 'neocrm',
    names={'owner_id': ['users', 'user_id', 'name'], 'campaign_id': ['campaigns', 'campaign_id', 'name']},
    versions=true
) }}
