with

reasons as (
    select * from {{ ref('stalled_reasons') }}
),

deals as (
    select * from {{ ref('standing_deals') }}
),

places as (
    select * from {{ ref('rep_spans') }}
),

reps as (
    select * from {{ ref('reps') }}
),

pushes as (
    select
        opportunity_id,
        count(*) as pushes
    from {{ ref('pipeline_movements') }}
    where step = 'pushed_out' and other_month > month
    group by opportunity_id
)

select
    deals.opportunity_id,
    deals.opportunity_name,
    deals.account_name,
    deals.owner_id,
    coalesce(deals.owner_name, deals.owner_id, '(none)') as owner_name,
    coalesce(places.team, '(none)') as team,
    deals.amount,
    deals.stage,
    deals.forecast_category,
    deals.close_on,
    deals.next_step,
    deals.days_in_stage,
    coalesce(pushes.pushes, 0) as pushes,
    deals.last_activity_on,
    reasons.reason,
    reasons.detail,
    coalesce(places.manager_id, deals.owner_id) as tell_user_id,
    coalesce(managers.owner_name, places.manager_id, deals.owner_name, deals.owner_id) as tell_user_name,
    deals.file_id,
    deals.row_number
from reasons
inner join deals
    on reasons.opportunity_id = deals.opportunity_id
left join places
    on deals.owner_id = places.owner_id
    and deals.as_of_date >= places.valid_from_on
    and deals.as_of_date < places.valid_until_on
left join reps as managers
    on places.manager_id = managers.owner_id
left join pushes
    on deals.opportunity_id = pushes.opportunity_id
