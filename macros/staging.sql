{# Live rows of one table of a contract: the newest version of each row, deleted ones left out, as known at `known_at`
   where that is set. Columns: the contract's, then exported_at, file_id and row_number. Ids carry their source:
   `custom:INV-1`. With `versions` all versions are given, deleted ones too, with is_deleted. #}
{% macro stage(source_name, table_name, versions=false) -%}
{%- set relation = source(source_name, table_name) -%}
{%- if execute -%}
{%- set node = graph.sources['source.' ~ project_name ~ '.' ~ source_name ~ '.' ~ table_name] -%}
{%- set meta = node.config.meta -%}
{%- set by_content = meta.get('load') in ['append', 'replace'] -%}
select
    {%- for column in node.columns.values() %}
    {%- if column.name.endswith('_id') and column.name != 'tax_id' %}
    '{{ source_name }}:' || {{ column.name }} as {{ column.name }},
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
        partition by {{ '_row_key' if by_content else meta.key | join(', ') }}
        order by _exported_at desc
    ) = 1
    and not _is_deleted
{%- endif %}
{%- else -%}
select 1 as parsed from {{ relation }}
{%- endif -%}
{%- endmacro %}

{# Every source's rows of one entity: their staging models have the columns of the `custom` table of that name, in its order.
   `source_name` says whose a row is. #}
{% macro union_sources(entity, sources) -%}
{%- for name in sources %}
select
    *,
    '{{ name }}' as source_name
from {{ ref('stg_' ~ name ~ '__' ~ entity) }}
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
