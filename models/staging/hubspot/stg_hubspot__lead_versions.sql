-- HubSpot's leads are contacts; subscribers and others who never asked for anything are none.
with

contacts as (
    {{ stage('hubspot', 'contacts', versions=true) }}
),

leads as (
    select * from contacts
    where coalesce(lower(lifecycle_stage), 'lead') not in ('subscriber', 'other', 'evangelist', '订阅者', '其他', '推广者')
)

{{ conform(
    'leads', 'hubspot', table='contacts', relation='leads',
    columns={
        'lead_id': 'contact_id',
        'person_name': "nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), '')",
        'account_id': "'hubspot:' || nullif(trim(split_part(account_ids, ';', 1)), '')",
    },
    names={'owner_id': ['owners', 'user_id', "coalesce(first_name, '') || ' ' || coalesce(last_name, '')"]},
    versions=true
) }}
