{{ conform('users', 'hubspot', table='owners', columns={
    'name': "nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), '')",
}) }}
