with

settings as (
    select * from {{ ref('run_settings') }}
),

leads as (
    select * from {{ ref('leads') }}
),

lead_events as (
    select * from {{ ref('lead_events') }}
),

first_days as (
    select
        {% for step in ['assigned', 'responded', 'qualified', 'converted', 'won', 'lost', 'disqualified'] -%}
        min(case when lead_events.kind = '{{ step }}' then lead_events.occurred_on end) as {{ step }}_on,
        {% endfor -%}
        lead_events.lead_id
    from lead_events
    cross join settings
    where lead_events.occurred_on <= settings.as_of_date
    group by lead_events.lead_id
)

select
    leads.lead_id,
    leads.created_on,
    leads.source,
    leads.channel,
    leads.campaign_id,
    leads.product_line,
    leads.owner_id,
    leads.team,
    first_days.assigned_on,
    first_days.responded_on,
    first_days.qualified_on,
    coalesce(first_days.converted_on, first_days.won_on) as converted_on,
    first_days.won_on,
    first_days.lost_on,
    first_days.disqualified_on,
    {{ duration_days('leads.created_on', 'coalesce(first_days.converted_on, first_days.won_on)') }} as days_to_converted,
    {{ duration_days('leads.created_on', 'first_days.won_on') }} as days_to_won,
    case when first_days.won_on is null then {{ duration_days('leads.created_on', 'first_days.lost_on') }} end as days_to_lost,
    {{ days_between('leads.created_on', 'settings.as_of_date') }} as days_observed
from leads
cross join settings
left join first_days on leads.lead_id = first_days.lead_id
where leads.created_on <= settings.as_of_date
