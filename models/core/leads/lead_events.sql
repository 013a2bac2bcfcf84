with

exported as (
    select * from {{ ref('stg_custom__lead_events') }}
),

responses as (
    select * from {{ ref('first_responses') }}
),

own_dates as (
    select * from {{ ref('lead_own_dates') }}
),

deal_dates as (
    select * from {{ ref('lead_deal_dates') }}
),

leads as (
    select * from {{ ref('leads') }}
),

exported_without_the_response_known_better as (
    select exported.*
    from exported
    left join responses on exported.lead_id = responses.lead_id
    where exported.kind <> 'responded' or responses.lead_id is null
),

deal_dates_not_stated_by_the_lead as (
    select deal_dates.*
    from deal_dates
    left join (
        select lead_id from own_dates where kind = 'converted'
        union distinct
        select lead_id from exported where kind = 'converted'
    ) as stated
        on deal_dates.lead_id = stated.lead_id
        and deal_dates.kind = 'converted'
    where stated.lead_id is null
),

events as (
    select lead_id, kind, occurred_at, owner_id, cast(null as varchar) as opportunity_id, file_id, row_number, 1 as precedence
    from exported_without_the_response_known_better
    union all
    select lead_id, 'responded' as kind, occurred_at, owner_id, cast(null as varchar) as opportunity_id, file_id, row_number, 1 as precedence
    from responses
    union all
    select lead_id, kind, occurred_at, owner_id, opportunity_id, file_id, row_number, 2 as precedence
    from own_dates
    union all
    select lead_id, kind, occurred_at, owner_id, opportunity_id, file_id, row_number, 3 as precedence
    from deal_dates_not_stated_by_the_lead
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
