-- A path longer than 30 steps is a cycle: whoever is in it stands in the subtree of everybody in it, once.

with recursive

dates as (
    select * from {{ ref('state_dates') }}
),

spans as (
    select * from {{ ref('rep_spans') }}
),

placed_reps as (
    select
        dates.reporting_date,
        spans.owner_id,
        spans.manager_id
    from dates
    inner join spans
        on dates.reporting_date >= spans.valid_from_on
        and dates.reporting_date < spans.valid_until_on
),

steps as (
    select
        reporting_date,
        owner_id,
        owner_id as manager_id,
        cast(0 as bigint) as distance
    from placed_reps
    union all
    select
        steps.reporting_date,
        steps.owner_id,
        placed_reps.manager_id,
        steps.distance + 1 as distance
    from steps
    inner join placed_reps
        on steps.reporting_date = placed_reps.reporting_date
        and steps.manager_id = placed_reps.owner_id
    where
        placed_reps.manager_id is not null
        and placed_reps.manager_id <> steps.owner_id
        and steps.distance < 30
)

select
    reporting_date,
    owner_id,
    manager_id,
    min(distance) as distance
from steps
group by reporting_date, owner_id, manager_id
