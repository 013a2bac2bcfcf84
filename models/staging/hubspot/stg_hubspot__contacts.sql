{{ conform('contacts', 'hubspot', columns={
    'name': "nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), '')",
    'account_id': "'hubspot:' || nullif(trim(split_part(account_ids, ';', 1)), '')",
}) }}
