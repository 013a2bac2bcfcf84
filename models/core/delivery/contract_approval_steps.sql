{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

approvals as (
    select * from {{ ref('all_approvals') }}
    where document_kind = 'contract'
)

select
    approvals.approval_id,
    approvals.document_id as contract_id,
    approvals.step,
    approvals.approver_id,
    approvals.requested_at,
    approvals.due_at,
    case when cast(approvals.decided_at as date) <= settings.as_of_date then approvals.decided_at end as decided_at,
    case when cast(approvals.decided_at as date) <= settings.as_of_date then approvals.decision end as decision,
    case
        when cast(approvals.decided_at as date) <= settings.as_of_date then approvals.decided_at
        else cast({{ add_days('settings.as_of_date', 1) }} as timestamp)
    end as waited_until_at
from approvals
inner join settings
    on cast(approvals.requested_at as date) <= settings.as_of_date
