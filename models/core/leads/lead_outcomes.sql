{{ config(materialized='view', schema='work') }}

with

journeys as (
    select * from {{ ref('lead_journeys') }}
),

horizons as (
    select
        method,
        horizon_days,
        case when method = 'observed' then horizon_days else 99999999 end as days_counted
    from {{ ref('conversion_horizons') }}
    where method <> 'incidence'
)

select
    {{ month_name('journeys.created_on') }} as cohort_month,
    coalesce(journeys.source, '(none)') as source,
    coalesce(journeys.product_line, '(none)') as product_line,
    coalesce(journeys.owner_id, '(none)') as owner_id,
    coalesce(journeys.team, '(none)') as team,
    horizons.method,
    horizons.horizon_days,
    count(*) as observed,
    count(case when journeys.days_to_converted <= horizons.days_counted then 1 end) as converted,
    count(case when journeys.days_to_won <= horizons.days_counted then 1 end) as won,
    count(case when journeys.days_to_lost <= horizons.days_counted then 1 end) as lost
from journeys
inner join horizons on journeys.days_observed >= horizons.horizon_days
group by 1, 2, 3, 4, 5, 6, 7
