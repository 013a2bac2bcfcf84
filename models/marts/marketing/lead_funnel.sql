with

journeys as (
    select * from {{ ref('lead_journeys') }}
)

select
    {{ month_of('created_on') }} as month,
    coalesce(source, '(none)') as source,
    coalesce(channel, '(none)') as channel,
    coalesce(product_line, '(none)') as product_line,
    coalesce(team, '(none)') as team,
    count(*) as created,
    count(assigned_on) as assigned,
    count(responded_on) as responded,
    count(qualified_on) as qualified,
    count(converted_on) as converted,
    count(won_on) as won,
    count(days_to_lost) as lost,
    count(disqualified_on) as disqualified
from journeys
group by 1, 2, 3, 4, 5
