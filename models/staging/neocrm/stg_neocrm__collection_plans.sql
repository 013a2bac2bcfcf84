{{ conform(
    'collection_plans', 'neocrm',
    names={'owner_id': ['users', 'user_id', 'name'], 'account_id': ['accounts', 'account_id', 'name']}
) }}
