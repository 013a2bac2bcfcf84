{# A duration in whole days between two days: negative counts as 0, null stays null. #}
{% macro duration_days(since, until) -%}
case when {{ days_between(since, until) }} < 0 then 0 else {{ days_between(since, until) }} end
{%- endmacro %}

{# Whether something happened at or before a moment; a moment without a time of day includes its whole day. #}
{% macro happened_by(occurred_at, moment) -%}
(
    {{ occurred_at }} <= {{ moment }}
    or (
        cast({{ occurred_at }} as date) = cast({{ moment }} as date)
        and {{ moment }} = cast(cast({{ moment }} as date) as timestamp)
    )
)
{%- endmacro %}
