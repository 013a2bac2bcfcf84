-- Human outgoing activities on a deal, or on its lead, after the first one, up to its closing day or as_of_date.

with

settings as (
    select * from {{ ref('run_settings') }}
),

opportunities as (
    select * from {{ ref('opportunities') }}
),

activities as (
    select * from {{ ref('all_activities') }}
    where direction = 'out' and not coalesce(is_automatic, false)
),

contacts as (
    {%- for column in ['opportunity_id', 'lead_id'] %}
    select
        opportunities.opportunity_id,
        activities.file_id,
        activities.row_number
    from opportunities
    cross join settings
    inner join activities
        on opportunities.{{ column }} = activities.{{ column }}
        and coalesce(opportunities.closed_on, settings.as_of_date) >= cast(activities.occurred_at as date)
    {{ 'union distinct' if not loop.last }}
    {%- endfor %}
),

counts as (
    select
        opportunity_id,
        count(*) as contacts
    from contacts
    group by opportunity_id
)

select
    opportunities.opportunity_id,
    opportunities.status,
    cast(greatest(coalesce(counts.contacts, 0) - 1, 0) as bigint) as followups
from opportunities
left join counts
    on opportunities.opportunity_id = counts.opportunity_id
