{{ config(materialized='view', schema='work') }}

{%- set fields = ['stage', 'amount', 'close_on', 'owner_id', 'forecast_category', 'currency', 'is_deleted', 'owner_known_on'] -%}
{%- set before = 'partition by opportunity_id order by changed_on' %}

-- Empty text stands for a value that became missing on that day, so that the last known one ends there.

with

changes as (
    select * from {{ ref('opportunity_changes') }}
),

changed_days as (
    select
        opportunity_id,
        changed_on,
        {%- for field in fields[:-1] %}
        max(case when field = '{{ field }}' then coalesce(value, '') end) as {{ field }},
        {%- endfor %}
        max(case when field = 'owner_id' then cast(known_on as varchar) end) as owner_known_on
    from changes
    group by opportunity_id, changed_on
)

select
    opportunity_id,
    changed_on as valid_from_on,
    {%- for field in fields %}
    nullif({{ last_known(field, before) }}, '') as {{ field }},
    {%- endfor %}
    lead(changed_on, 1, cast('9999-12-31' as date)) over ({{ before }}) as valid_until_on
from changed_days
