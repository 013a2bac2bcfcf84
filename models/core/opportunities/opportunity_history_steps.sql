{{ config(materialized='view', schema='work') }}

-- Where a deal has lines its amount and currency come from them, from the export on that first has one.

with

field_history as (
    select * from {{ ref('opportunity_field_history') }}
    where not is_unreadable
),

line_totals as (
    select * from {{ ref('opportunity_line_totals') }}
),

first_lines as (
    select
        opportunity_id,
        min(exported_at) as exported_at
    from line_totals
    group by opportunity_id
)

select
    field_history.opportunity_id,
    field_history.field,
    field_history.changed_at,
    field_history.changed_on,
    field_history.old_value,
    field_history.new_value,
    field_history.row_number,
    row_number() over (
        partition by field_history.opportunity_id, field_history.field
        order by field_history.changed_at, field_history.row_number
    ) as step,
    lead(field_history.changed_on, 1, cast('9999-12-31' as date)) over (
        partition by field_history.opportunity_id, field_history.field
        order by field_history.changed_at, field_history.row_number
    ) as next_changed_on
from field_history
left join first_lines
    on field_history.opportunity_id = first_lines.opportunity_id
where not coalesce(field_history.field in ('amount', 'currency') and field_history.changed_at > first_lines.exported_at, false)
