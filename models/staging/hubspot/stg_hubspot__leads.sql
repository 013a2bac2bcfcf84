-- HubSpot's leads are contacts; subscribers and others who never asked for anything are none.
with

contacts as (
    {{ stage('hubspot', 'contacts') }}
),

deals as (
    select
        contact_id as of_contact_id,
        min(opportunity_id) as opportunity_id
    from ({{ stage('hubspot', 'contact_deals') }}) as contact_deals
    group by contact_id
),

leads as (
    select
        contacts.*,
        deals.opportunity_id
    from contacts
    left join deals on contacts.contact_id = deals.of_contact_id
    where coalesce(lower(contacts.lifecycle_stage), 'lead') not in ('subscriber', 'other', 'evangelist', '订阅者', '其他', '推广者')
)

{{ conform(
    'leads', 'hubspot', table='contacts', relation='leads',
    columns={
        'lead_id': 'contact_id',
        'person_name': "nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), '')",
        'account_id': "'hubspot:' || nullif(trim(split_part(account_ids, ';', 1)), '')",
        'opportunity_id': 'opportunity_id',
    },
    names={'owner_id': ['owners', 'user_id', "coalesce(first_name, '') || ' ' || coalesce(last_name, '')"]}
) }}
