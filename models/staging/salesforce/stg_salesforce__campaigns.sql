{{ conform(
    'campaigns', 'salesforce',
    where="not coalesce(is_removed, false)",
    names={'owner_id': ['users', 'user_id', 'name']}
) }}
