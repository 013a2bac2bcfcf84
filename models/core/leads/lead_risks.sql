{{ config(materialized='view', schema='work') }}

with

times as (
    select * from {{ ref('lead_times') }}
),

days as (
    select
        {{ lead_grain_columns() }},
        event,
        days,
        count(*) as leads,
        count(case when has_happened then 1 end) as events,
        max(days_observed) as longest_observed
    from times
    group by {{ lead_grouping_sets('event, days') }}
)

select
    {{ lead_dimensions() }},
    grain,
    event,
    days,
    events,
    longest_observed,
    leads,
    {#- A lead whose time ends on a day is still at risk on it. #}
    sum(leads) over (
        partition by grain, {{ lead_dimensions() }}, event
        order by days desc
        rows between unbounded preceding and current row
    ) as at_risk
from days
