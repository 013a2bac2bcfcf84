{{ config(materialized='view', schema='work') }}

{% set dimensions = ['cohort_month', 'source', 'product_line', 'owner_id', 'team'] -%}
with

outcomes as (
    select * from {{ ref('lead_outcomes') }}
)

select
    {%- for dimension in dimensions %}
    case when grouping({{ dimension }}) = 1 then 'all' else {{ dimension }} end as {{ dimension }},
    {%- endfor %}
    case
        when {{ 'grouping(' ~ dimensions | join(') + grouping(') ~ ')' }} = 0 then 'full'
        when {{ 'grouping(' ~ dimensions | join(') + grouping(') ~ ')' }} = {{ dimensions | length }} then 'all'
        else
            concat_ws(
                ' × ',
                {% for dimension in dimensions -%}
                case when grouping({{ dimension }}) = 0 then '{{ dimension }}' end{{ ',' if not loop.last }}
                {% endfor -%}
            )
    end as grain,
    method,
    horizon_days,
    cast(sum(observed) as bigint) as observed,
    cast(sum(converted) as bigint) as converted,
    cast(sum(won) as bigint) as won,
    cast(sum(lost) as bigint) as lost
from outcomes
group by grouping sets (
    (method, horizon_days, {{ dimensions | join(', ') }}),
    {%- for dimension in dimensions %}
    (method, horizon_days, {{ dimension }}),
    {%- endfor %}
    {%- for dimension in dimensions[1:] %}
    (method, horizon_days, cohort_month, {{ dimension }}),
    {%- endfor %}
    (method, horizon_days, source, product_line),
    (method, horizon_days)
)
