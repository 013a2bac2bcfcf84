{# The newest value that is not null, up to this row of the window. #}
{% macro last_known(value, window) -%} {{ adapter.dispatch('last_known', 'wanamaker')(value, window) }} {%- endmacro %}
{% macro duckdb__last_known(value, window) -%} last_value({{ value }} ignore nulls) over ({{ window }}) {%- endmacro %}
{% macro spark__last_known(value, window) -%} last_value({{ value }}) ignore nulls over ({{ window }}) {%- endmacro %}
