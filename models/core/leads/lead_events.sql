with

events as (
    select * from {{ ref('lead_event_records') }}
),

leads as (
    select * from {{ ref('leads') }}
),

{# An event that two exports tell, one with its time and one with its day, is one event. #}
distinct_events as (
    select *
    from events
    qualify
        rank() over (partition by lead_id, kind, cast(occurred_at as date) order by precedence) = 1
        and row_number() over (partition by lead_id, kind, occurred_at order by precedence, opportunity_id nulls last, file_id, row_number) = 1
)

select
    distinct_events.lead_id,
    distinct_events.kind,
    distinct_events.occurred_at,
    cast(distinct_events.occurred_at as date) as occurred_on,
    distinct_events.owner_id,
    distinct_events.opportunity_id,
    {{ duration_days('leads.created_on', 'distinct_events.occurred_at') }} as days_since_created,
    cast(distinct_events.occurred_at as date) < leads.created_on as is_before_creation,
    leads.lead_id is null as is_lead_unknown,
    distinct_events.file_id,
    distinct_events.row_number
from distinct_events
left join leads on distinct_events.lead_id = leads.lead_id
