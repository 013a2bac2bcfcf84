{{ config(materialized='view', schema='work') }}

with

leads as (
    select * from {{ ref('leads') }}
)

{% for attribute in ['source', 'channel', 'region', 'industry', 'size', 'grade', 'product_line', 'business_unit'] -%}
select
    lead_id,
    created_on,
    '{{ attribute }}' as attribute,
    coalesce({{ attribute }}, '(none)') as value
from leads
{{ 'union all' if not loop.last }}
{% endfor -%}
