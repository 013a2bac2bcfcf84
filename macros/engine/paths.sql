{# The steps of a path, between `>`, as a list; blank ones are left out. #}
{% macro steps_of(path) -%} {{ adapter.dispatch('steps_of', 'wanamaker')(path) }} {%- endmacro %}
{% macro duckdb__steps_of(path) -%}
list_filter(list_transform(string_split({{ path }}, '>'), lambda part: trim(part)), lambda part: part <> '')
{%- endmacro %}
{% macro spark__steps_of(path) -%} filter(transform(split({{ path }}, '>'), part -> trim(part)), part -> part <> '') {%- endmacro %}

{# Rows of `relation` by the steps of their path: each row once for each step between `>`, in columns `step`, `next_step` (null
   after the last), `step_number` (from 1) and `steps` (how many); a path without a step has no row. #}
{% macro path_steps(relation, path) -%} {{ adapter.dispatch('path_steps', 'wanamaker')(relation, path) }} {%- endmacro %}
{% macro duckdb__path_steps(relation, path) -%}
select
    * except (all_steps),
    unnest(all_steps) as step,
    unnest(list_append(all_steps[2:], null)) as next_step,
    cast(generate_subscripts(all_steps, 1) as bigint) as step_number,
    cast(len(all_steps) as bigint) as steps
from (
    select
        *,
        {{ steps_of(path) }} as all_steps
    from {{ relation }}
) as split_paths
where len(all_steps) > 0
{%- endmacro %}
{% macro spark__path_steps(relation, path) -%}
select
    * except (all_steps, position),
    try_element_at(all_steps, position + 2) as next_step,
    cast(position + 1 as bigint) as step_number,
    cast(size(all_steps) as bigint) as steps
from (
    select
        *,
        {{ steps_of(path) }} as all_steps
    from {{ relation }}
) as split_paths
lateral view posexplode(all_steps) as position, step
{%- endmacro %}

{# Names and what each is to be called, of a whole relation, for `renamed_path`. #}
{% macro names_of(name, new_name) -%} {{ adapter.dispatch('names_of', 'wanamaker')(name, new_name) }} {%- endmacro %}
{% macro duckdb__names_of(name, new_name) -%} map_from_entries(list(({{ name }}, {{ new_name }}))) {%- endmacro %}
{% macro spark__names_of(name, new_name) -%} map_from_entries(collect_list(struct({{ name }}, {{ new_name }}))) {%- endmacro %}

{# A path with each of its steps by its new name, joined by ` > `. #}
{% macro renamed_path(path, names) -%} {{ adapter.dispatch('renamed_path', 'wanamaker')(path, names) }} {%- endmacro %}
{% macro duckdb__renamed_path(path, names) -%}
array_to_string(list_transform({{ steps_of(path) }}, lambda part: {{ names }}[part]), ' > ')
{%- endmacro %}
{% macro spark__renamed_path(path, names) -%}
array_join(transform({{ steps_of(path) }}, part -> element_at({{ names }}, part)), ' > ')
{%- endmacro %}

{# The steps of a path, each once and in alphabetical order, joined by ` > `: paths of the same channels have the same. #}
{% macro channels_of_path(path) -%} {{ adapter.dispatch('channels_of_path', 'wanamaker')(path) }} {%- endmacro %}
{% macro duckdb__channels_of_path(path) -%} array_to_string(list_sort(list_distinct({{ steps_of(path) }})), ' > ') {%- endmacro %}
{% macro spark__channels_of_path(path) -%} array_join(array_sort(array_distinct({{ steps_of(path) }})), ' > ') {%- endmacro %}

{# The values of a group in one text, in order. #}
{% macro joined(value, separator, order_by) -%} {{ adapter.dispatch('joined', 'wanamaker')(value, separator, order_by) }} {%- endmacro %}
{% macro duckdb__joined(value, separator, order_by) -%} string_agg({{ value }}, '{{ separator }}' order by {{ order_by }}) {%- endmacro %}
{% macro spark__joined(value, separator, order_by) -%} listagg({{ value }}, '{{ separator }}') within group (order by {{ order_by }}) {%- endmacro %}
