{# Live rows of one table of a contract: the newest version of each row, deleted ones left out, as known at `known_at`
   where that is set. Columns: the contract's, then exported_at, file_id and row_number. Ids carry their source:
   `custom:INV-1`. With `versions` all versions are given, deleted ones too, with is_deleted. #}
{% macro stage(source_name, table_name, versions=false) -%}
{%- set relation = source(source_name, table_name) -%}
{%- if execute -%}
{%- set node = graph.sources['source.' ~ project_name ~ '.' ~ source_name ~ '.' ~ table_name] -%}
{%- set meta = node.config.meta -%}
{%- set by_content = meta.get('load') in ['append', 'replace'] -%}
{%- set keys = [] -%}
{%- for key in (['_row_key'] if by_content else meta.key) -%}
{%- do keys.append(record_id(key, source_name) if key.endswith('_id') else key) -%}
{%- endfor -%}
select
    {%- for column in node.columns.values() %}
    {%- if column.name.endswith('_id') and column.name != 'tax_id' %}
    '{{ source_name }}:' || {{ record_id(column.name, source_name) }} as {{ column.name }},
    {%- else %}
    {{ column.name }},
    {%- endif %}
    {%- endfor %}
    _exported_at as exported_at,
    _file_id as file_id,
    _row_number as row_number{{ ',\n    _is_deleted as is_deleted' if versions }}
from {{ relation }}
{%- if var('known_at') %}
where _exported_at <= cast('{{ var("known_at") }}' as timestamp)
{%- endif %}
{%- if not versions %}
qualify
    row_number() over (
        partition by {{ keys | join(', ') }}
        order by _exported_at desc
    ) = 1
    and not _is_deleted
{%- endif %}
{%- else -%}
select 1 as parsed from {{ relation }}
{%- endif -%}
{%- endmacro %}

{# An id as its source's records have it, however an export writes it. #}
{% macro record_id(id, source_name) -%}
{{ salesforce_id(id) if source_name == 'salesforce' else id }}
{%- endmacro %}

{# A vendor's rows with exactly the columns of the `custom` table `entity`, in its order, then exported_at, file_id and
   row_number: what the vendor's contract of `table` names alike, what `columns` computes, null for the rest.
   relation: a CTE to read instead of the staged table · where: which rows · versions: all versions, with is_deleted ·
   names: ids that may be names, each with the table, id and name of the same source that tell the true one. #}
{% macro conform(entity, source_name, table=none, columns={}, relation=none, where=none, versions=false, names={}) -%}
{%- set table = table or entity -%}
{%- if execute -%}
{%- set template = graph.sources['source.' ~ project_name ~ '.custom.' ~ entity].columns -%}
{%- set own = graph.sources['source.' ~ project_name ~ '.' ~ source_name ~ '.' ~ table].columns -%}
{%- endif %}
select
    {%- for column in (template or {}).values() %}
    {%- if column.name in names %}
    coalesce({{ column.name }}_names.id, staged.{{ column.name }}) as {{ column.name }},
    {%- elif column.name in columns %}
    cast({{ columns[column.name] }} as {{ column.data_type }}) as {{ column.name }},
    {%- elif column.name in own %}
    staged.{{ column.name }},
    {%- else %}
    cast(null as {{ column.data_type }}) as {{ column.name }},
    {%- endif %}
    {%- endfor %}
    staged.exported_at,
    staged.file_id,
    staged.row_number
    {%- if versions %},
    {{ columns.get('is_deleted', 'staged.is_deleted') }} as is_deleted
    {%- endif %}
from {% if relation %}{{ relation }}{% else %}({{ stage(source_name, table, versions) }}){% endif %} as staged
{%- for column, reference in names.items() %}
left join (
    select
        '{{ source_name }}:' || {{ reference[2] }} as named,
        min({{ reference[1] }}) as id
    from ({{ stage(source_name, reference[0]) }}) as referred
    group by 1
    having count(*) = 1
) as {{ column }}_names
    on staged.{{ column }} = {{ column }}_names.named
{%- endfor %}
{%- if where %}
where {{ where }}
{%- endif %}
{%- endmacro %}

{# The campaigns that an advertising platform's reports of costs name: the newest name and kind of each. #}
{% macro campaigns_of_days(source_name, id, name, channel) -%}
with

campaign_days as (
    {{ stage(source_name, 'campaign_days') }}
),

newest_days as (
    select
        *,
        row_number() over (partition by {{ id }} order by spent_on desc, file_id desc, row_number desc) as age
    from campaign_days
),

named as (
    select * from newest_days
    where age = 1
)

{{ conform('campaigns', source_name, table='campaign_days', relation='named', columns={
    'campaign_id': id,
    'name': name,
    'level': "'campaign'",
    'channel': channel,
}) }}
{%- endmacro %}

{# Every source's rows of one entity: their staging models have the columns of the `custom` table of that name, in its order.
   `source_name` says whose a row is. Ids of accounts, users, campaigns and opportunities are those of the entity that they are linked
   to, except in these themselves, which the links are found in: core resolves those of the first three. Of a deal that a person pinned to
   another CRM's, or that says itself which one it is there, that CRM's record and history tell: its own are left out, and whatever else names it is the other's. #}
{% macro union_sources(entity, sources) -%}
{%- set tables = {'lead_versions': 'leads', 'opportunity_versions': 'opportunities', 'opportunity_line_versions': 'opportunity_lines'} -%}
{%- set is_link_source = entity in ['accounts', 'users', 'campaigns', 'products'] -%}
{%- set own = {'leads': 'lead', 'lead_versions': 'lead', 'contacts': 'contact', 'quotes': 'quote', 'opportunities': 'opportunity', 'opportunity_versions': 'opportunity'} -%}
{%- set entities = ['account', 'user', 'campaign', 'opportunity', 'lead', 'contact', 'quote'] | reject('equalto', own.get(entity)) | list -%}
{%- set names_products = entity in ['opportunities', 'opportunity_versions', 'quotes'] -%}
{%- if not is_link_source %}{% do link_refs(entities) %}{% endif -%}
{%- if names_products %}{% do ref('all_products') %}{% endif -%}
{%- set template = graph.sources['source.' ~ project_name ~ '.custom.' ~ tables.get(entity, entity)] if execute else none -%}
{%- set columns = template.columns.keys() | list if template else [] -%}
{%- set joins = '' if is_link_source else link_joins(columns, entities) ~ (product_join() if names_products else '') -%}
{%- if joins.strip() -%}
select
    {%- for column in columns %}
    {{ 'coalesce(products.product_id, records.product_id)' if names_products and column == 'product_id' else linked_id(column, entities) }} as {{ column }},
    {%- endfor %}
    records.exported_at,
    records.file_id,
    records.row_number,
    {{ 'records.is_deleted,' if entity.endswith('_versions') }}
    records.source_name
from (
{%- endif %}
{%- for name in sources %}
select
    *,
    '{{ name }}' as source_name
from {{ ref('stg_' ~ name ~ '__' ~ entity) }}
{%- if entity in ['opportunities', 'opportunity_versions'] or entity == 'opportunity_history' and name != 'custom' %}
where opportunity_id not in (select source_id from {{ ref('link_rules') }} where entity = 'opportunity' and kind = 'pin')
    and opportunity_id not in (select source_opportunity_id from {{ ref('stated_opportunity_ids') }})
{%- endif %}
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- if joins.strip() %}
) as records
{{ joins }}
{%- endif %}
{%- endmacro %}
