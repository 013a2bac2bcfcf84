-- Whoever had one plan only, of one version, and every day of the history, would have earned with it what he earned.
with

one_plan as (
    select spans.owner_id
    from {{ ref('commission_assignment_spans') }} as spans
    inner join {{ ref('commission_plan_versions') }} as versions on spans.plan_id = versions.plan_id
    group by spans.owner_id
    having count(distinct spans.plan_id) = 1 and count(distinct versions.plan_version) = 1
)

select
    shadow.owner_id,
    shadow.plan_id,
    shadow.month,
    shadow.difference
from {{ ref('commission_shadow') }} as shadow
inner join one_plan on shadow.owner_id = one_plan.owner_id
inner join (
    select distinct
        owner_id,
        plan_id
    from {{ ref('commission_assignment_spans') }}
) as plans
    on shadow.owner_id = plans.owner_id
    and shadow.plan_id = plans.plan_id
where shadow.difference <> 0
