{{ conform(
    'accounts', 'neocrm',
    names={'owner_id': ['users', 'user_id', 'name']}
) }}
