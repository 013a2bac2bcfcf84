{%- set names = ['stagename', 'closedate', 'opportunityowner', 'ownerid', 'owner', 'forecastcategoryname', 'currencyisocode', 'opportunitycurrency'] -%}
{%- set fields = ['stage', 'close_on', 'owner_id', 'owner_id', 'owner_id', 'forecast_category', 'currency', 'currency'] -%}
-- An owner's change is told by name or by id: the name is read as the id of the user who has it.
with

changes as (
    {{ stage('salesforce', 'opportunity_history') }}
),

users as (
    select
        name,
        min(user_id) as user_id
    from ({{ stage('salesforce', 'users') }}) as staged_users
    group by name
    having count(*) = 1
),

named as (
    select
        changes.*,
        case lower(replace(changes.field, ' ', ''))
            {%- for name in names %}
            when '{{ name }}' then '{{ fields[loop.index0] }}'
            {%- endfor %}
            else changes.field
        end as field_name,
        coalesce(split_part(old_owners.user_id, ':', 2), {{ salesforce_id('changes.old_value') }}) as old_owner,
        coalesce(split_part(new_owners.user_id, ':', 2), {{ salesforce_id('changes.new_value') }}) as new_owner
    from changes
    left join users as old_owners on changes.old_value = old_owners.name
    left join users as new_owners on changes.new_value = new_owners.name
)

{{ conform('opportunity_history', 'salesforce', relation='named', columns={
    'field': 'field_name',
    'old_value': "case when field_name = 'owner_id' then old_owner else old_value end",
    'new_value': "case when field_name = 'owner_id' then new_owner else new_value end",
}) }}
