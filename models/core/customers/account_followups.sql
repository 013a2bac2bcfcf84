{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

activities as (
    select * from {{ ref('all_activities') }}
    where direction = 'out' and not coalesce(is_automatic, false)
),

opportunities as (
    select * from {{ ref('opportunities') }}
),

leads as (
    select * from {{ ref('leads') }}
),

followups as (
    select
        coalesce(activities.account_id, opportunities.account_id, leads.account_id) as account_id,
        cast(activities.occurred_at as date) as followed_up_on
    from activities
    left join opportunities
        on activities.opportunity_id = opportunities.opportunity_id
    left join leads
        on activities.lead_id = leads.lead_id
)

select
    followups.account_id,
    max(followups.followed_up_on) as last_followup_on
from followups
cross join settings
where followups.account_id is not null and followups.followed_up_on <= settings.as_of_date
group by followups.account_id
