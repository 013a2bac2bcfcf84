with

settings as (
    select * from {{ ref('run_settings') }}
),

activities as (
    select * from {{ ref('all_activities') }}
),

opportunities as (
    select * from {{ ref('opportunities') }}
),

spans as (
    select * from {{ ref('opportunity_spans') }}
)

select
    activities.activity_id,
    activities.opportunity_id,
    activities.occurred_at,
    cast(activities.occurred_at as date) as occurred_on,
    activities.kind,
    activities.direction,
    coalesce(activities.is_automatic, false) as is_automatic,
    activities.owner_id,
    coalesce(spans.owner_id, opportunities.owner_id) as deal_owner_id,
    activities.file_id,
    activities.row_number
from activities
cross join settings
inner join opportunities
    on activities.opportunity_id = opportunities.opportunity_id
left join spans
    on activities.opportunity_id = spans.opportunity_id
    and cast(activities.occurred_at as date) >= spans.valid_from_on
    and cast(activities.occurred_at as date) < spans.valid_until_on
where cast(activities.occurred_at as date) <= settings.as_of_date
