{{ conform(
    'quotes', 'neocrm',
    names={'owner_id': ['users', 'user_id', 'name'], 'opportunity_id': ['opportunities', 'opportunity_id', "account_name || ' / ' || name"]}
) }}
