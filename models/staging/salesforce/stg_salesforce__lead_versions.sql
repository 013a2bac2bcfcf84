{{ conform(
    'leads', 'salesforce',
    columns={
        'person_name': "coalesce(person_name, nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), ''))",
        'is_deleted': 'is_deleted or coalesce(is_removed, false)',
    },
    names={'owner_id': ['users', 'user_id', 'name']},
    versions=true
) }}
