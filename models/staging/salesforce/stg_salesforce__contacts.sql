{{ conform(
    'contacts', 'salesforce',
    columns={'name': "coalesce(full_name, trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')))"},
    where="not coalesce(is_removed, false)",
    names={'account_id': ['accounts', 'account_id', 'name']}
) }}
