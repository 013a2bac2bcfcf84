{{ config(materialized='view', schema='work') }}

with

deals as (
    select * from {{ ref('lead_opportunities') }}
)

{% for kind, day in [('converted', 'created_at'), ('won', 'won_on'), ('lost', 'lost_on')] -%}
select
    lead_id,
    '{{ kind }}' as kind,
    cast({{ day }} as timestamp) as occurred_at,
    owner_id,
    opportunity_id,
    file_id,
    row_number
from deals
where {{ day }} is not null
{% if not loop.last -%}
union all
{% endif -%}
{% endfor %}
