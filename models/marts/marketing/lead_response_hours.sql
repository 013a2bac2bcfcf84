with

responses as (
    select * from {{ ref('lead_responses') }}
),

counted as (
    select
        hour_of_day,
        case when grouping(source) = 1 then 'all' else source end as source,
        {{ response_measures() }}
    from responses
    group by grouping sets ((hour_of_day, source), (hour_of_day))
)

select
    hour_of_day,
    source,
    leads,
    responded,
    waiting,
    median_hours,
    p90_hours,
    within_hour,
    counted,
    within_working_hour,
    counted_working,
    {{ response_rates() }}
from counted
