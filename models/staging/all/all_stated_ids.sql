-- The ids of other systems that vendors' records hold: which record says that it is which one elsewhere. An ERP does not say which CRM it means.
{% set statements = [
    ('account', 'hubspot', 'companies', 'account_id', 'salesforce_account', 'salesforce'),
    ('account', 'hubspot', 'companies', 'account_id', 'erp_account', 'custom'),
    ('account', 'salesforce', 'accounts', 'account_id', 'erp_account', 'custom'),
    ('account', 'neocrm', 'accounts', 'account_id', 'erp_account', 'custom'),
    ('account', 'custom', 'accounts', 'account_id', 'crm_account', none),
    ('lead', 'hubspot', 'contacts', 'contact_id', 'salesforce_lead', 'salesforce'),
    ('opportunity', 'hubspot', 'deals', 'opportunity_id', 'salesforce_opportunity', 'salesforce'),
] -%}
{% for entity, source_name, table, id, stated, other in statements -%}
select
    '{{ entity }}' as entity,
    {{ id }} as record_id,
    '{{ source_name }}' as source_name,
    {{ "'" ~ other ~ "'" if other else 'cast(null as varchar)' }} as other_source,
    {{ salesforce_id('trim(' ~ stated ~ ')') }} as other_own_id
from ({{ stage(source_name, table) }}) as records
where trim({{ stated }}) <> ''
{{ 'union all' if not loop.last }}
{% endfor -%}
