{{ conform(
    'opportunities', 'salesforce',
    columns={
        'closed_at': "coalesce(closed_at, case when is_closed then cast(close_on as timestamp) end)",
    },
    where="not coalesce(is_removed, false)",
    names={'owner_id': ['users', 'user_id', 'name'], 'account_id': ['accounts', 'account_id', 'name']}
) }}
