{{ conform(
    'users', 'neocrm',
    names={'manager_id': ['users', 'user_id', 'name']}
) }}
