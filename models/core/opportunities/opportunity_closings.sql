{{ config(schema='work') }}

with

records as (
    select * from {{ ref('opportunity_records') }}
),

known_values as (
    select * from {{ ref('opportunity_known_values') }}
    where field = 'stage'
),

stages as (
    select * from {{ ref('opportunity_stages') }}
),

known_stages as (
    select
        known_values.opportunity_id,
        known_values.changed_on,
        known_values.value as stage,
        known_values.told_by,
        coalesce(stages.status, 'open') as status
    from known_values
    left join stages
        on known_values.value = stages.stage
        and {{ source_of('known_values.opportunity_id') }} = stages.source
),

final_stages as (
    select * from known_stages
    qualify row_number() over (partition by opportunity_id order by changed_on desc) = 1
),

last_other_days as (
    select
        known_stages.opportunity_id,
        max(known_stages.changed_on) as changed_on
    from known_stages
    inner join final_stages
        on known_stages.opportunity_id = final_stages.opportunity_id
        and known_stages.status <> final_stages.status
    group by known_stages.opportunity_id
),

last_closed_runs as (
    select
        known_stages.opportunity_id,
        final_stages.stage,
        min(known_stages.changed_on) as first_on,
        min_by(known_stages.told_by, known_stages.changed_on) as told_by
    from final_stages
    inner join known_stages
        on final_stages.opportunity_id = known_stages.opportunity_id
    left join last_other_days
        on known_stages.opportunity_id = last_other_days.opportunity_id
    where
        final_stages.status <> 'open'
        and known_stages.changed_on > coalesce(last_other_days.changed_on, cast('0001-01-01' as date))
    group by known_stages.opportunity_id, final_stages.stage
),

record_statuses as (
    select
        records.*,
        stages.status
    from records
    left join stages
        on trim(records.stage) = stages.stage
        and {{ source_of('records.opportunity_id') }} = stages.source
)

select
    last_closed_runs.opportunity_id,
    last_closed_runs.stage,
    last_closed_runs.first_on as first_told_on,
    case
        when record_statuses.status in ('won', 'lost') and record_statuses.closed_at is not null
            then cast(record_statuses.closed_at as date)
        when last_closed_runs.told_by <> 'first_export' then last_closed_runs.first_on
        when record_statuses.close_on <= last_closed_runs.first_on then record_statuses.close_on
        else last_closed_runs.first_on
    end as closed_on,
    record_statuses.closed_at is null and last_closed_runs.told_by = 'first_export' as is_estimated
from last_closed_runs
inner join record_statuses
    on last_closed_runs.opportunity_id = record_statuses.opportunity_id
