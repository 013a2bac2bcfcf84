{{ config(materialized='view', schema='work') }}

-- A change tells what held before it, back to the creation, unless an export before it shows something else.

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

contradicted_histories as (
    select distinct
        history.opportunity_id,
        history.field
    from history
    inner join observations
        on history.opportunity_id = observations.opportunity_id
        and history.field = observations.field
        and history.changed_on > observations.exported_on
        and lower(coalesce(history.old_value, '')) <> lower(coalesce(observations.value, ''))
    where history.step = 1
),

held_values as (
    select
        opportunity_id,
        field,
        new_value as value,
        changed_on as from_on,
        next_changed_on as until_on,
        changed_at as told_at,
        row_number
    from history
    union all
    select
        history.opportunity_id,
        history.field,
        history.old_value as value,
        cast(records.created_at as date) as from_on,
        history.changed_on as until_on,
        cast('0001-01-01' as timestamp) as told_at,
        history.row_number
    from history
    inner join records
        on history.opportunity_id = records.opportunity_id
    left join contradicted_histories
        on history.opportunity_id = contradicted_histories.opportunity_id
        and history.field = contradicted_histories.field
    where
        history.step = 1
        and history.changed_on > cast(records.created_at as date)
        and contradicted_histories.field is null
)

select * from held_values
