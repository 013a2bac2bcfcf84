-- What a period lacks to the plan's minimum is added at its end; a recoverable one is taken back from what later periods
-- bring above theirs, until nothing is left of it.

with

due_minimums as (
    select * from {{ ref('commission_due_minimums') }}
),

summed as (
    select
        *,
        sum(lacking_amount) over so_far as lacking_to_here
    from due_minimums
    window so_far as (
        partition by owner_id, run_id, plan_id, is_minimum_recoverable
        order by ends_on
        rows between unbounded preceding and current row
    )
),

drawn as (
    select
        *,
        lacking_to_here - least(min(lacking_to_here) over so_far, 0) as drawn_to_here
    from summed
    window so_far as (
        partition by owner_id, run_id, plan_id, is_minimum_recoverable
        order by ends_on
        rows between unbounded preceding and current row
    )
),

changes as (
    select
        *,
        drawn_to_here - coalesce(lag(drawn_to_here) over (
            partition by owner_id, run_id, plan_id, is_minimum_recoverable
            order by ends_on
        ), 0) as drawn_amount
    from drawn
)

select
    owner_id,
    run_id,
    plan_id,
    plan_version,
    period,
    ends_on as posted_on,
    minimum_amount,
    earned_amount,
    cast(case when is_minimum_recoverable then drawn_amount else greatest(lacking_amount, 0) end as decimal(18, 2)) as amount
from changes
