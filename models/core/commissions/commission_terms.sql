with

runs as (
    select * from {{ ref('commission_runs') }}
),

assignments as (
    select
        runs.owner_id,
        runs.run_id,
        runs.known_on,
        coalesce(runs.shadow_plan_id, spans.plan_id) as plan_id,
        spans.valid_from_on,
        spans.valid_until_on
    from runs
    inner join {{ ref('commission_assignment_spans') }} as spans
        on runs.owner_id = spans.owner_id
),

plan_spans as (
    select * from {{ ref('commission_plan_spans') }}
),

versions as (
    select * from {{ ref('commission_plan_versions') }}
)

select
    assignments.owner_id,
    assignments.run_id,
    greatest(assignments.valid_from_on, plan_spans.valid_from_on) as from_on,
    least(assignments.valid_until_on, plan_spans.valid_until_on) as until_on,
    versions.plan_id,
    versions.plan_version,
    versions.mode,
    versions.base,
    versions.basis,
    versions.tier_kind,
    versions.tier_measure,
    versions.cumulates,
    versions.period_kind,
    versions.bonus_annual_rate,
    versions.penalty_annual_rate,
    versions.grace_days,
    versions.interest_cap_rate,
    versions.cap_amount,
    versions.cap_scope,
    versions.minimum_amount,
    versions.is_minimum_recoverable
from assignments
inner join plan_spans
    on assignments.plan_id = plan_spans.plan_id
    and assignments.known_on >= plan_spans.known_on
    and assignments.known_on < plan_spans.known_until_on
    and assignments.valid_from_on < plan_spans.valid_until_on
    and assignments.valid_until_on > plan_spans.valid_from_on
inner join versions
    on plan_spans.plan_id = versions.plan_id
    and plan_spans.plan_version = versions.plan_version
