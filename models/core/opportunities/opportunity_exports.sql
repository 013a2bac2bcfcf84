{{ config(materialized='view', schema='work') }}

{%- set before = 'partition by opportunity_id order by exported_at' %}

-- An empty text stands for a value that is known to be missing, null for one that this export does not tell.

with

versions as (
    select * from {{ ref('all_opportunity_versions') }}
),

line_totals as (
    select * from {{ ref('opportunity_line_totals') }}
),

stated as (
    select
        opportunity_id,
        exported_at,
        is_deleted,
        case when not is_deleted then coalesce(trim(stage), '') end as stage,
        case when not is_deleted then coalesce(cast(amount as varchar), '') end as amount,
        case when not is_deleted then coalesce(cast(close_on as varchar), '') end as close_on,
        case when not is_deleted then coalesce(owner_id, '') end as owner_id,
        case when not is_deleted then coalesce({{ snake_case('forecast_category') }}, '') end as forecast_category,
        case when not is_deleted then coalesce(upper(trim(currency)), '') end as currency,
        cast(closed_at as date) as closed_on,
        cast(null as varchar) as line_amount,
        cast(null as varchar) as line_currency
    from versions
    union all
    select
        line_totals.opportunity_id,
        line_totals.exported_at,
        null as is_deleted,
        null as stage,
        null as amount,
        null as close_on,
        null as owner_id,
        null as forecast_category,
        null as currency,
        null as closed_on,
        case when line_totals.lines > 0 then cast(line_totals.amount as varchar) else '' end as line_amount,
        line_totals.currency as line_currency
    from line_totals
),

exports as (
    select
        opportunity_id,
        exported_at,
        {%- for column in ['stage', 'amount', 'close_on', 'owner_id', 'forecast_category', 'currency', 'closed_on', 'line_amount', 'line_currency'] %}
        max({{ column }}) as {{ column }},
        {%- endfor %}
        bool_or(is_deleted) as is_deleted
    from stated
    group by opportunity_id, exported_at
)

select
    opportunity_id,
    exported_at,
    cast(exported_at as date) as exported_on,
    coalesce({{ last_known('is_deleted', before) }}, false) as is_deleted,
    {%- for column in ['stage', 'close_on', 'owner_id', 'forecast_category'] %}
    {{ last_known(column, before) }} as {{ column }},
    {%- endfor %}
    closed_on,
    coalesce(nullif({{ last_known('line_amount', before) }}, ''), {{ last_known('amount', before) }}) as amount,
    coalesce({{ last_known('line_currency', before) }}, {{ last_known('currency', before) }}) as currency
from exports
