{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

first_movement as (
    select * from {{ ref('first_movement') }}
),

terms as (
    select * from {{ ref('commission_terms') }}
    where minimum_amount > 0
),

periods as (
    select * from {{ ref('fiscal_periods') }}
),

reps as (
    select * from {{ ref('reps') }}
),

earned as (
    select
        owner_id,
        run_id,
        plan_id,
        period,
        {{ money_sum('amount') }} as earned_amount
    from {{ ref('commission_earnings') }}
    where owner_id = earner_id
    group by owner_id, run_id, plan_id, period
)

select
    terms.owner_id,
    terms.run_id,
    terms.plan_id,
    terms.plan_version,
    terms.is_minimum_recoverable,
    terms.minimum_amount,
    periods.period,
    periods.ends_on,
    coalesce(earned.earned_amount, 0) as earned_amount,
    cast(terms.minimum_amount - coalesce(earned.earned_amount, 0) as decimal(18, 2)) as lacking_amount
from terms
cross join settings
cross join first_movement
inner join periods
    on terms.period_kind = periods.period_kind
    and terms.from_on <= periods.ends_on
    and terms.until_on > periods.ends_on
left join reps
    on terms.owner_id = reps.owner_id
left join earned
    on terms.owner_id = earned.owner_id
    and terms.run_id = earned.run_id
    and terms.plan_id = earned.plan_id
    and periods.period = earned.period
where
    periods.ends_on >= greatest(first_movement.first_on, coalesce(reps.hired_on, first_movement.first_on))
    and periods.ends_on <= least(settings.as_of_date, coalesce(reps.left_on, settings.as_of_date))
