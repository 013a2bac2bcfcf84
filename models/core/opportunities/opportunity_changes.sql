with

known_values as (
    select * from {{ ref('opportunity_known_values') }}
),

closings as (
    select * from {{ ref('opportunity_closings') }}
),

starts as (
    select * from {{ ref('opportunity_starts') }}
),

numbered_values as (
    select
        *,
        row_number() over (partition by opportunity_id, field order by changed_on) as step
    from known_values
),

dated_values as (
    select
        numbered_values.opportunity_id,
        numbered_values.field,
        numbered_values.changed_on as known_on,
        case
            when numbered_values.told_by <> 'first_export' or numbered_values.step > 1 then numbered_values.changed_on
            when numbered_values.field in ('owner_id', 'currency') then starts.started_on
            else least(numbered_values.changed_on, coalesce(starts.closed_on, numbered_values.changed_on))
        end as changed_on,
        starts.started_on,
        numbered_values.value,
        numbered_values.told_by
    from numbered_values
    inner join starts
        on numbered_values.opportunity_id = starts.opportunity_id
    where not coalesce(
            numbered_values.field = 'stage' and numbered_values.changed_on >= least(starts.closed_on, starts.first_told_on),
            false
        )
    union all
    select
        opportunity_id,
        'stage' as field,
        first_told_on as known_on,
        closed_on as changed_on,
        closed_on as started_on,
        stage as value,
        'closing' as told_by
    from closings
    union all
    select
        opportunity_id,
        'created' as field,
        started_on as known_on,
        started_on as changed_on,
        started_on,
        'true' as value,
        'record' as told_by
    from starts
    union all
    select
        opportunity_id,
        'exported' as field,
        first_exported_on as known_on,
        first_exported_on as changed_on,
        started_on,
        'true' as value,
        'record' as told_by
    from starts
),

day_ends as (
    select
        opportunity_id,
        field,
        greatest(changed_on, started_on) as changed_on,
        known_on,
        value,
        told_by
    from dated_values
    qualify
        row_number() over (
            partition by opportunity_id, field, greatest(changed_on, started_on)
            order by changed_on desc, known_on desc
        ) = 1
),

compared as (
    select
        *,
        lag(value) over (partition by opportunity_id, field order by changed_on) as previous_value
    from day_ends
)

select
    opportunity_id,
    field,
    changed_on,
    known_on,
    previous_value,
    value,
    told_by
from compared
where coalesce(value, '') <> coalesce(previous_value, '')
