{# cost × factor as money, rounded once to cents, half away from zero: a cost has 6 places and keeps them until then.
   The factor is a decimal, never a double. #}
{% macro cost_times(cost, factor) -%}
cast(round(cast({{ cost }} as decimal(38, 6)) * {{ factor }}, 2) as decimal(18, 2))
{%- endmacro %}
