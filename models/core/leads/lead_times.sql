{{ config(materialized='view', schema='work') }}

with

journeys as (
    select * from {{ ref('lead_journeys') }}
)

{% for event in ['converted', 'won'] -%}
select
    {{ month_name('created_on') }} as cohort_month,
    coalesce(source, '(none)') as source,
    coalesce(product_line, '(none)') as product_line,
    coalesce(owner_id, '(none)') as owner_id,
    coalesce(team, '(none)') as team,
    '{{ event }}' as event,
    coalesce(days_to_{{ event }}, days_observed) as days,
    days_to_{{ event }} is not null as has_happened,
    days_observed
from journeys
{{ 'union all' if not loop.last }}
{% endfor -%}
