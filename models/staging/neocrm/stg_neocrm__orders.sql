{{ conform(
    'orders', 'neocrm',
    names={'owner_id': ['users', 'user_id', 'name'], 'account_id': ['accounts', 'account_id', 'name'], 'opportunity_id': ['opportunities', 'opportunity_id', "account_name || ' / ' || name"]}
) }}
