-- Where a person has two plans on a day, the one that began last holds.

with

assignments as (
    select
        owner_id,
        plan_id,
        coalesce(valid_from_on, cast('0001-01-01' as date)) as valid_from_on,
        coalesce({{ add_days('valid_to_on', 1) }}, cast('9999-12-31' as date)) as valid_until_on
    from {{ ref('all_commission_assignments') }}
),

held_assignments as (
    select * from assignments
    where valid_from_on < valid_until_on
)

{{ winning_spans('held_assignments', ['owner_id'], ['plan_id'], 'covering.valid_from_on desc, covering.plan_id') }}
