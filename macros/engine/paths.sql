{# Rows of `relation` by the steps of their path: each row once for each step between `>`, in columns `step`, `next_step` (null
   after the last) and `step_number` (from 1); a path without a step has no row. #}
{% macro path_steps(relation, path) -%} {{ adapter.dispatch('path_steps', 'wanamaker')(relation, path) }} {%- endmacro %}
{% macro duckdb__path_steps(relation, path) -%}
select
    * except (all_steps),
    unnest(all_steps) as step,
    unnest(list_append(all_steps[2:], null)) as next_step,
    cast(generate_subscripts(all_steps, 1) as bigint) as step_number
from (
    select
        *,
        list_filter(list_transform(string_split({{ path }}, '>'), lambda part: trim(part)), lambda part: part <> '') as all_steps
    from {{ relation }}
) as split_paths
where len(all_steps) > 0
{%- endmacro %}
{% macro spark__path_steps(relation, path) -%}
select
    * except (all_steps, position),
    try_element_at(all_steps, position + 2) as next_step,
    cast(position + 1 as bigint) as step_number
from (
    select
        *,
        filter(transform(split({{ path }}, '>'), part -> trim(part)), part -> part <> '') as all_steps
    from {{ relation }}
) as split_paths
lateral view posexplode(all_steps) as position, step
{%- endmacro %}

{# The values of a group in one text, in order. #}
{% macro joined(value, separator, order_by) -%} {{ adapter.dispatch('joined', 'wanamaker')(value, separator, order_by) }} {%- endmacro %}
{% macro duckdb__joined(value, separator, order_by) -%} string_agg({{ value }}, '{{ separator }}' order by {{ order_by }}) {%- endmacro %}
{% macro spark__joined(value, separator, order_by) -%} listagg({{ value }}, '{{ separator }}') within group (order by {{ order_by }}) {%- endmacro %}
