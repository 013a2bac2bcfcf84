-- What an owner's plan pays for, in the order in which it counts: every event that brings base, once per run
-- (run), with the position that it starts from and reaches in its period or line.

with

events as (
    select * from {{ ref('commission_owner_events') }}
    where not is_loss
),

terms as (
    select * from {{ ref('commission_terms') }}
),

periods as (
    select * from {{ ref('fiscal_periods') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

planned as (
    select
        events.*,
        terms.run_id,
        terms.plan_id,
        terms.plan_version,
        terms.mode,
        terms.tier_kind,
        periods.period,
        periods.ends_on as period_ends_on,
        case when terms.mode = 'attainment' then periods.ends_on else events.occurred_on end as posted_on,
        case when terms.cumulates = 'period' then 'period ' || periods.period else 'line ' || events.order_line_id end as scope,
        order_lines.account_id,
        order_lines.product_id,
        order_lines.product_line
    from events
    inner join terms
        on events.owner_id = terms.owner_id
        and events.basis = terms.basis
        and events.base = terms.base
        and events.occurred_on >= terms.from_on
        and events.occurred_on < terms.until_on
    inner join periods
        on terms.period_kind = periods.period_kind
        and events.occurred_on >= periods.starts_on
        and events.occurred_on <= periods.ends_on
    inner join order_lines
        on events.order_line_id = order_lines.order_line_id
    where terms.basis <> 'bookings' or coalesce(order_lines.cancelled_on > periods.ends_on, true)
),

numbered as (
    select
        *,
        row_number() over (
            partition by owner_id, run_id, plan_id, scope
            order by posted_on, occurred_on, event_id, order_line_id
        ) as place
    from planned
)

select
    *,
    cast(sum(base_amount) over to_here - base_amount as decimal(18, 2)) as position_before,
    cast(sum(base_amount) over to_here as decimal(18, 2)) as position_after,
    cast(sum(base_amount) over (partition by owner_id, run_id, plan_id, scope) as decimal(18, 2)) as position_at_end
from numbered
window to_here as (
    partition by owner_id, run_id, plan_id, scope
    order by place
    rows between unbounded preceding and current row
)
