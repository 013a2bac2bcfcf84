{{ conform(
    'touchpoints', 'salesforce', table='campaign_members',
    columns={
        'touchpoint_id': 'member_id',
        'occurred_at': "case
            when first_responded_on <> cast(created_at as date) then cast(first_responded_on as timestamp)
            else created_at
        end",
    },
    where="not coalesce(is_removed, false)"
) }}
