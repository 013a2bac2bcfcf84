{{ conform(
    'opportunities', 'neocrm',
    names={'owner_id': ['users', 'user_id', 'name'], 'account_id': ['accounts', 'account_id', 'name'], 'campaign_id': ['campaigns', 'campaign_id', 'name']},
    versions=true
) }}
