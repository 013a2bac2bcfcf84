with

changes as (
    select * from {{ ref('owner_changes') }}
),

windows as (
    select * from {{ ref('owner_change_windows') }}
    where cohort = 'changed'
),

profiles as (
    select * from {{ ref('account_profiles') }}
),

reps as (
    select * from {{ ref('reps') }}
)

select
    changes.account_id,
    profiles.account_name,
    changes.changed_on,
    changes.old_owner_id,
    coalesce(old_owners.owner_name, changes.old_owner_id) as old_owner_name,
    changes.new_owner_id as owner_id,
    coalesce(new_owners.owner_name, changes.new_owner_id) as owner_name,
    windows.is_observed,
    windows.orders_before,
    windows.orders_after,
    windows.orders_before > 0 as was_buying,
    case when windows.is_observed and windows.orders_before > 0 then windows.orders_after = 0 end as has_stopped,
    windows.revenue_before_amount,
    windows.revenue_after_amount,
    case
        when windows.is_observed then cast(greatest(windows.revenue_before_amount - windows.revenue_after_amount, 0) as decimal(18, 2))
    end as lost_revenue_amount,
    windows.lost_after as lost_opportunities,
    windows.lost_after_amount as lost_opportunity_amount
from changes
inner join windows
    on changes.account_id = windows.account_id
    and changes.changed_on = windows.looked_from_on
inner join profiles
    on changes.account_id = profiles.account_id
left join reps as old_owners
    on changes.old_owner_id = old_owners.owner_id
left join reps as new_owners
    on changes.new_owner_id = new_owners.owner_id
