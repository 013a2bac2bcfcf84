{{ config(materialized='view', schema='work') }}

with

leads as (
    select * from {{ ref('leads') }}
)

{% for kind in ['created', 'assigned', 'qualified', 'converted'] -%}
select
    lead_id,
    '{{ kind }}' as kind,
    {{ kind }}_at as occurred_at,
    owner_id,
    opportunity_id,
    file_id,
    row_number
from leads
where {{ kind }}_at is not null
{% if not loop.last -%}
union all
{% endif -%}
{% endfor %}
