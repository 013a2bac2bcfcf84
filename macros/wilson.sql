{# 95 % Wilson score interval of a share of `successes` in `trials` (Wilson 1927), as decimal(18,6); null when trials = 0. #}
{% macro wilson_low(successes, trials) -%} {{ wilson_bound(successes, trials, '-') }} {%- endmacro %}
{% macro wilson_high(successes, trials) -%} {{ wilson_bound(successes, trials, '+') }} {%- endmacro %}

{% macro wilson_bound(successes, trials, sign) -%}
{%- set z_squared = '3.841458820694124' -%}
{%- set n -%} cast({{ trials }} as double) {%- endset -%}
{%- set p -%} (cast({{ successes }} as double) / {{ n }}) {%- endset -%}
case
    when {{ trials }} > 0 then cast(
        round(
            greatest(0, least(1, (
                {{ p }} + {{ z_squared }} / (2 * {{ n }})
                {{ sign }} sqrt({{ z_squared }} * greatest(0, {{ p }} * (1 - {{ p }}) / {{ n }} + {{ z_squared }} / (4 * {{ n }} * {{ n }})))
            ) / (1 + {{ z_squared }} / {{ n }})))
            , 6
        ) as decimal(18, 6)
    )
end
{%- endmacro %}
