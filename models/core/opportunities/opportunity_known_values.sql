{{ config(schema='work') }}

-- What the history says is not told twice by exports; a return to it after an export that it does not explain is told.

with

held_values as (
    select * from {{ ref('opportunity_held_values') }}
),

observations as (
    select * from {{ ref('opportunity_observations') }}
),

explained_observations as (
    select
        observations.opportunity_id,
        observations.field,
        observations.exported_at,
        max(held_values.from_on) as held_from_on
    from observations
    inner join held_values
        on observations.opportunity_id = held_values.opportunity_id
        and observations.field = held_values.field
        and observations.exported_on between held_values.from_on and held_values.until_on
        and lower(coalesce(observations.value, '')) = lower(coalesce(held_values.value, ''))
    group by observations.opportunity_id, observations.field, observations.exported_at
),

compared_observations as (
    select
        observations.*,
        explained_observations.held_from_on,
        lag(observations.exported_on) over changes_before as previous_exported_on,
        lag(explained_observations.held_from_on) over changes_before as previous_held_from_on
    from observations
    left join explained_observations
        on observations.opportunity_id = explained_observations.opportunity_id
        and observations.field = explained_observations.field
        and observations.exported_at = explained_observations.exported_at
    window changes_before as (partition by observations.opportunity_id, observations.field order by observations.exported_at)
),

known_values as (
    select
        opportunity_id,
        field,
        from_on as changed_on,
        told_at,
        value,
        'history' as told_by,
        row_number
    from held_values
    union all
    select
        opportunity_id,
        field,
        exported_on as changed_on,
        exported_at as told_at,
        value,
        case when is_first then 'first_export' else 'export' end as told_by,
        0 as row_number
    from compared_observations
    where held_from_on is null or (previous_held_from_on is null and previous_exported_on >= held_from_on)
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
