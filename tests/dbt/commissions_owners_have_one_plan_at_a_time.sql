-- People with two commission plans on one day: the one that began last counts.
{{ config(severity='warn') }}

select
    first_plans.owner_id,
    first_plans.plan_id,
    second_plans.plan_id as other_plan_id,
    greatest(first_plans.valid_from_on, second_plans.valid_from_on) as from_on
from {{ ref('all_commission_assignments') }} as first_plans
inner join {{ ref('all_commission_assignments') }} as second_plans
    on first_plans.owner_id = second_plans.owner_id
    and first_plans.plan_id < second_plans.plan_id
    and coalesce(first_plans.valid_from_on, cast('0001-01-01' as date)) <= coalesce(second_plans.valid_to_on, cast('9999-12-31' as date))
    and coalesce(second_plans.valid_from_on, cast('0001-01-01' as date)) <= coalesce(first_plans.valid_to_on, cast('9999-12-31' as date))
