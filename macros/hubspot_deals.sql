{# HubSpot's deals as opportunities: each as it stands, or every version of it.

   A stage is written with its pipeline behind it where the export says both. #}
{% macro hubspot_deals(versions=false) -%}
with

deals as (
    {{ stage('hubspot', 'deals', versions=versions) }}
),

contacts as (
    select
        opportunity_id as of_opportunity_id,
        min(contact_id) as contact_id
    from ({{ stage('hubspot', 'contact_deals') }}) as contact_deals
    group by opportunity_id
),

named as (
    select
        deals.*,
        contacts.contact_id,
        'hubspot:' || nullif(trim(split_part(deals.account_ids, ';', 1)), '') as account_id
    from deals
    left join contacts on deals.opportunity_id = contacts.of_opportunity_id
)

{{ conform(
    'opportunities', 'hubspot', table='deals', relation='named',
    columns={
        'stage': "replace(stage, ' (' || coalesce(pipeline, '') || ')', '')",
        'lead_id': 'coalesce(lead_id, contact_id)',
    },
    names={
        'owner_id': ['owners', 'user_id', "coalesce(first_name, '') || ' ' || coalesce(last_name, '')"],
        'account_id': ['companies', 'account_id', 'name'],
    },
    versions=versions
) }}
{%- endmacro %}
