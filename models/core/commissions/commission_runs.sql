with

assignments as (
    select * from {{ ref('commission_assignment_spans') }}
),

plan_spans as (
    select * from {{ ref('commission_plan_spans') }}
),

known_days as (
    select distinct
        assignments.owner_id,
        plan_spans.known_on
    from assignments
    inner join plan_spans
        on assignments.plan_id = plan_spans.plan_id
)

select
    owner_id,
    known_on,
    lead(known_on, 1, cast('9999-12-31' as date)) over (partition by owner_id order by known_on) as known_until_on,
    lag(known_on) over (partition by owner_id order by known_on) as known_before_on
from known_days
