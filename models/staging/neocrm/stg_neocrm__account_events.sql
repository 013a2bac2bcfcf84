{{ conform(
    'account_events', 'neocrm', table='pool_events',
    columns={
        'kind': "case when kind in ('领取', '认领', 'claimed') then 'claimed' when kind in ('分配', '转移', 'assigned') then 'assigned' when kind in ('退回', '收回', '回收', '自动收回', 'recycled') then 'recycled' else kind end",
    },
    where="staged.lead_id is null and staged.account_id is not null",
    names={'owner_id': ['users', 'user_id', 'name'], 'account_id': ['accounts', 'account_id', 'name']}
) }}
