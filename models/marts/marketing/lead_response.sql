with

responses as (
    select * from {{ ref('lead_responses') }}
),

reps as (
    select * from {{ ref('reps') }}
),

counted as (
    select
        case
            when grouping(month) + grouping(owner_id) + grouping(source) = 0 then 'full'
            when grouping(month) + grouping(owner_id) + grouping(source) = 3 then 'all'
            when grouping(month) = 0 then 'month'
            when grouping(owner_id) = 0 then 'owner_id'
            else 'source'
        end as grain,
        month,
        case when grouping(owner_id) = 1 then 'all' else owner_id end as owner_id,
        case when grouping(source) = 1 then 'all' else source end as source,
        {{ response_measures() }}
    from responses
    group by grouping sets ((month, owner_id, source), (month), (owner_id), (source), ())
)

select
    counted.grain,
    counted.month,
    counted.owner_id,
    coalesce(reps.owner_name, counted.owner_id) as owner_name,
    counted.source,
    counted.leads,
    counted.responded,
    counted.waiting,
    counted.median_hours,
    counted.p90_hours,
    counted.within_hour,
    counted.counted,
    counted.within_working_hour,
    counted.counted_working,
    {{ response_rates() }}
from counted
left join reps on counted.owner_id = reps.owner_id
where counted.leads > 0
