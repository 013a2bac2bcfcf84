{# quantity × price of one unit × exchange rate as money, rounded once to cents, half away from zero; all three are decimals. #}
{% macro quantity_times(quantity, unit_price, rate) -%}
cast(round(cast({{ quantity }} as decimal(38, 3)) * cast({{ unit_price }} as decimal(18, 6)) * {{ rate }}, 2) as decimal(18, 2))
{%- endmacro %}
