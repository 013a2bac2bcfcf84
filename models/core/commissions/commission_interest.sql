-- Interest of a batch so far, rounded once and posted cumulatively; a penalty never exceeds its cap and is never given back.

with

interest_days as (
    select * from {{ ref('commission_interest_days') }}
),

caps as (
    select * from {{ ref('commission_penalty_caps') }}
),

summed as (
    select
        interest_days.*,
        coalesce(caps.batch_commission_amount, 0) as batch_commission_amount,
        sum(interest_days.amount_days) over (
            partition by interest_days.owner_id, interest_days.run_id, interest_days.plan_id, interest_days.plan_version, interest_days.batch_id, interest_days.kind
            order by interest_days.occurred_on, interest_days.event_id, interest_days.order_line_id
            rows between unbounded preceding and current row
        ) as amount_days_to_here
    from interest_days
    left join caps
        on interest_days.owner_id = caps.owner_id
        and interest_days.run_id = caps.run_id
        and interest_days.event_id = caps.event_id
        and interest_days.order_line_id = caps.order_line_id
),

valued as (
    select
        *,
        {{ money_ratio('amount_days_to_here', 'annual_rate', 365, 6) }} as interest_to_here,
        coalesce({{ money_times('batch_commission_amount', 'interest_cap_rate') }}, 999999999999) as cap_to_here
    from summed
),

highest as (
    select
        *,
        max(greatest(least(interest_to_here, cap_to_here), 0)) over (
            partition by owner_id, run_id, plan_id, plan_version, batch_id, kind
            order by occurred_on, event_id, order_line_id
            rows between unbounded preceding and current row
        ) as penalty_to_here
    from valued
),

risen as (
    select
        *,
        case when kind = 'bonus_interest' then interest_to_here else -penalty_to_here end as posted_to_here
    from highest
)

select
    *,
    cast(posted_to_here - coalesce(lag(posted_to_here) over (
        partition by owner_id, run_id, plan_id, plan_version, batch_id, kind
        order by occurred_on, event_id, order_line_id
    ), 0) as decimal(18, 2)) as amount
from risen
