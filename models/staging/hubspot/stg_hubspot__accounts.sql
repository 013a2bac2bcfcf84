{{ conform(
    'accounts', 'hubspot', table='companies',
    names={'owner_id': ['owners', 'user_id', "coalesce(first_name, '') || ' ' || coalesce(last_name, '')"]}
) }}
