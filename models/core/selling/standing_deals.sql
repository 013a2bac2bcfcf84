{{ config(schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

opportunities as (
    select * from {{ ref('opportunities') }}
    where status = 'open'
),

spans as (
    select
        opportunity_id,
        valid_from_on,
        stage,
        lag(stage) over (partition by opportunity_id order by valid_from_on) as previous_stage
    from {{ ref('opportunity_spans') }}
),

activities as (
    select
        opportunity_id,
        max(occurred_on) as last_activity_on
    from {{ ref('opportunity_activities') }}
    group by opportunity_id
),

stage_starts as (
    select
        spans.opportunity_id,
        max(spans.valid_from_on) as stage_since_on
    from spans
    cross join settings
    where
        spans.valid_from_on <= settings.as_of_date
        and coalesce(spans.stage, '') <> coalesce(spans.previous_stage, '')
    group by spans.opportunity_id
)

select
    opportunities.*,
    {{ duration_days('coalesce(stage_starts.stage_since_on, opportunities.created_on)', 'settings.as_of_date') }} as days_in_stage,
    activities.last_activity_on,
    {{ duration_days('coalesce(activities.last_activity_on, opportunities.created_on)', 'settings.as_of_date') }} as silent_days,
    settings.as_of_date
from opportunities
cross join settings
left join stage_starts
    on opportunities.opportunity_id = stage_starts.opportunity_id
left join activities
    on opportunities.opportunity_id = activities.opportunity_id
