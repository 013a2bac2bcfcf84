{{ conform(
    'activities', 'hubspot', table='engagements',
    columns={
        'kind': "lower(coalesce(kind, 'engagement'))",
        'direction': "case lower(direction)
            when 'inbound' then 'in'
            when 'incoming_email' then 'in'
            when 'in' then 'in'
            when 'outbound' then 'out'
            when 'email' then 'out'
            when 'forwarded_email' then 'out'
            when 'out' then 'out'
            else case when lower(kind) in ('call', 'email', 'meeting', 'note', 'task') then 'out' end
        end",
        'lead_id': "'hubspot:' || nullif(trim(split_part(contact_ids, ';', 1)), '')",
        'account_id': "'hubspot:' || nullif(trim(split_part(account_ids, ';', 1)), '')",
        'opportunity_id': "'hubspot:' || nullif(trim(split_part(opportunity_ids, ';', 1)), '')",
    },
    names={'owner_id': ['owners', 'user_id', "coalesce(first_name, '') || ' ' || coalesce(last_name, '')"]}
) }}
