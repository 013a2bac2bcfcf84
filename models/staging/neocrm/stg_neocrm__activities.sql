{{ conform(
    'activities', 'neocrm',
    columns={
        'direction': "case when lower(direction) in ('in', 'inbound', '呼入', '来电') then 'in' else 'out' end",
    },
    names={'owner_id': ['users', 'user_id', 'name'], 'account_id': ['accounts', 'account_id', 'name'], 'opportunity_id': ['opportunities', 'opportunity_id', "account_name || ' / ' || name"]}
) }}
