{{ config(materialized='view', schema='work') }}

{%- set fields = ['stage', 'amount', 'close_on', 'owner_id', 'forecast_category', 'currency'] %}

with

exports as (
    select * from {{ ref('opportunity_exports') }}
),

compared as (
    select
        *,
        {%- for field in fields %}
        lag({{ field }}) over (partition by opportunity_id order by exported_at) as previous_{{ field }},
        {%- endfor %}
        lag(is_deleted) over (partition by opportunity_id order by exported_at) as was_deleted
    from exports
)

{% for field in fields -%}
select
    opportunity_id,
    '{{ field }}' as field,
    exported_at,
    exported_on,
    nullif({{ field }}, '') as value,
    previous_{{ field }} is null as is_first
from compared
where not is_deleted and coalesce({{ field }}, '') <> coalesce(previous_{{ field }}, '')
union all
{% endfor -%}
select
    opportunity_id,
    'is_deleted' as field,
    exported_at,
    exported_on,
    case when is_deleted then 'true' else 'false' end as value,
    false as is_first
from compared
where is_deleted <> coalesce(was_deleted, false)
