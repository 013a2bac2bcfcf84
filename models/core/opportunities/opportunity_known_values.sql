{{ config(schema='work') }}

with

records as (
    select * from {{ ref('opportunity_records') }}
),

history as (
    select * from {{ ref('opportunity_history_steps') }}
),

observations as (
    select * from {{ ref('opportunity_observations') }}
),

held_values as (
    select
        opportunity_id,
        field,
        new_value as value,
        changed_on as from_on,
        next_changed_on as until_on
    from history
    union all
    select
        opportunity_id,
        field,
        old_value as value,
        cast('0001-01-01' as date) as from_on,
        changed_on as until_on
    from history
    where step = 1
),

unexplained_observations as (
    select * from observations
    where not exists (
            select 1
            from held_values
            where
                held_values.opportunity_id = observations.opportunity_id
                and held_values.field = observations.field
                and lower(coalesce(held_values.value, '')) = lower(coalesce(observations.value, ''))
                and held_values.from_on <= observations.exported_on
                and held_values.until_on >= observations.exported_on
        )
),

known_values as (
    select
        history.opportunity_id,
        history.field,
        cast(records.created_at as date) as changed_on,
        cast('0001-01-01' as timestamp) as told_at,
        history.old_value as value,
        'history' as told_by,
        history.row_number
    from history
    inner join records
        on history.opportunity_id = records.opportunity_id
    where history.step = 1 and history.changed_on > cast(records.created_at as date)
    union all
    select
        opportunity_id,
        field,
        changed_on,
        changed_at as told_at,
        new_value as value,
        'history' as told_by,
        row_number
    from history
    union all
    select
        opportunity_id,
        field,
        exported_on as changed_on,
        exported_at as told_at,
        value,
        case when is_first then 'first_export' else 'export' end as told_by,
        0 as row_number
    from unexplained_observations
)

select
    opportunity_id,
    field,
    changed_on,
    value,
    told_by
from known_values
qualify
    row_number() over (
        partition by opportunity_id, field, changed_on
        order by told_at desc, row_number desc
    ) = 1
