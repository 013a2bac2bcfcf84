{# No two rows share these columns. #}
{% test unique_combination(model, columns) %}
select {{ columns | join(', ') }}, count(*) as how_many
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}

{# The expression holds in every row; null does not count as holding. #}
{% test holds(model, expression) %}
select * from {{ model }} where not coalesce({{ expression }}, false)
{% endtest %}

{# Every row got an exchange rate: those without are named by currency and day. #}
{% test rate_is_known(model, currency, day, rate='exchange_rate') %}
{{ config(meta={'mend': mend_rates()}) }}
select {{ currency }} as currency, {{ day }} as day, count(*) as how_many
from {{ model }}
where {{ rate }} is null
group by {{ currency }}, {{ day }}
{% endtest %}

{# What to do where an exchange rate is missing. #}
{% macro mend_rates() -%}
export the rates as fx_rates (rate_on, from_currency, to_currency, rate), or state the company's own currency with --set company_currency=EUR
{%- endmacro %}
