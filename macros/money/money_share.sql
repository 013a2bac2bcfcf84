{# What falls on the stretch from..until of a whole when the amount is laid out along it, in cents; neighbouring stretches
   add up to the amount exactly, however it is cut. 0 where the whole is 0.
   The stretch is measured in decimals of at most `scale` places. #}
{% macro money_share(amount, since, until, whole, scale=2) -%}
case
    when {{ since }} = 0 and {{ until }} = {{ whole }} then {{ amount }}
    else cast(
        coalesce({{ money_ratio(amount, until, whole, scale) }} - {{ money_ratio(amount, since, whole, scale) }}, 0) as decimal(18, 2)
    )
end
{%- endmacro %}
