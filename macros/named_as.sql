{# Whether a snake_case name means this column of a table: its own name, the same without `_id`, or one of the headers
   that the contract gives it. #}
{% macro named_as(name, source_name, table_name, column) -%}
{%- set node = graph.get('sources', {}).get('source.' ~ project_name ~ '.' ~ source_name ~ '.' ~ table_name, {}) if execute else {} -%}
{%- set headers = node.get('columns', {}).get(column, {}).get('config', {}).get('meta', {}).get('headers', []) -%}
{{ name }} in (
    '{{ column }}', '{{ column | replace("_id", "") }}'
    {%- for header in headers %}, {{ snake_case("'" ~ header ~ "'") }}{% endfor -%}
)
{%- endmacro %}
