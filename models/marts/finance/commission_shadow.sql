with

settings as (
    select * from {{ ref('run_settings') }}
),

runs as (
    select * from {{ ref('commission_runs') }}
),

run_movements as (
    select * from {{ ref('commission_run_movements') }}
),

movements as (
    select * from {{ ref('commission_movements') }}
),

reps as (
    select * from {{ ref('reps') }}
),

compared as (
    select
        runs.owner_id,
        runs.shadow_plan_id as plan_id,
        {{ month_of('run_movements.posted_on') }} as month,
        run_movements.amount,
        cast(0 as decimal(18, 2)) as actual_amount
    from run_movements
    cross join settings
    inner join runs
        on run_movements.owner_id = runs.owner_id
        and run_movements.run_id = runs.run_id
    where
        runs.shadow_plan_id is not null
        and run_movements.earner_id = run_movements.owner_id
        and run_movements.kind <> 'payable'
        and run_movements.posted_on <= settings.as_of_date
    union all
    select
        movements.owner_id,
        runs.shadow_plan_id as plan_id,
        {{ month_of('movements.moved_on') }} as month,
        cast(0 as decimal(18, 2)) as amount,
        movements.amount as actual_amount
    from movements
    inner join runs
        on movements.owner_id = runs.owner_id
    where
        runs.shadow_plan_id is not null
        and movements.through_owner_id is null
        and movements.kind not in ('payable', 'paid')
)

select
    compared.owner_id,
    coalesce(max(reps.owner_name), compared.owner_id) as owner_name,
    compared.month,
    compared.plan_id,
    {{ money_sum('compared.amount') }} as amount,
    {{ money_sum('compared.actual_amount') }} as actual_amount,
    {{ money_sum('compared.amount - compared.actual_amount') }} as difference
from compared
left join reps
    on compared.owner_id = reps.owner_id
group by compared.owner_id, compared.month, compared.plan_id
