{{ conform(
    'payments', 'neocrm',
    names={'account_id': ['accounts', 'account_id', 'name']}
) }}
