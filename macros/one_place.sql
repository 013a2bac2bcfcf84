{# A number as text with one decimal place, for a reason in words. #}
{% macro one_place(value) -%} cast(cast(round({{ value }}, 1) as decimal(18, 1)) as varchar) {%- endmacro %}
