with

steps as (
    select * from {{ ref('contract_approval_steps') }}
),

contracts as (
    select * from {{ ref('contracts') }}
),

accounts as (
    select * from {{ ref('accounts') }}
),

reps as (
    select * from {{ ref('reps') }}
)

select
    steps.approval_id,
    steps.contract_id,
    contracts.account_id,
    coalesce(accounts.account_name, contracts.account_id) as account_name,
    steps.step,
    steps.approver_id,
    coalesce(reps.owner_name, steps.approver_id) as approver_name,
    steps.requested_at,
    steps.due_at,
    steps.decided_at,
    steps.decision,
    steps.decided_at is null as is_waiting,
    coalesce(steps.waited_until_at > steps.due_at, false) as is_late,
    greatest(
        {{ money_ratio(seconds_between('steps.requested_at', 'steps.waited_until_at'), '1', '3600', 0) }},
        cast(0 as decimal(18, 2))
    ) as hours_waited
from steps
left join contracts
    on steps.contract_id = contracts.contract_id
left join accounts
    on contracts.account_id = accounts.account_id
left join reps
    on steps.approver_id = reps.owner_id
