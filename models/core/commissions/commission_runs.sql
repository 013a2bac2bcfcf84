-- The plans as they were known on a day, for the ledger; and each plan as if the person had always had it, for comparison.

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
),

newest_spans as (
    select
        plan_id,
        max(known_on) as known_on
    from plan_spans
    group by plan_id
),

owners as (
    select distinct owner_id from assignments
)

select
    owner_id,
    'known ' || cast(known_on as varchar) as run_id,
    known_on,
    lead(known_on, 1, cast('9999-12-31' as date)) over (partition by owner_id order by known_on) as known_until_on,
    lag('known ' || cast(known_on as varchar)) over (partition by owner_id order by known_on) as run_before_id,
    cast(null as varchar) as shadow_plan_id
from known_days
union all
select
    owners.owner_id,
    'plan ' || newest_spans.plan_id as run_id,
    newest_spans.known_on,
    cast(null as date) as known_until_on,
    cast(null as varchar) as run_before_id,
    newest_spans.plan_id as shadow_plan_id
from owners
cross join newest_spans
