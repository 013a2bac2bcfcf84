{{ conform(
    'campaigns', 'neocrm',
    names={'owner_id': ['users', 'user_id', 'name']}
) }}
