-- Each event's base is split over the owners of its line cumulatively, so that any split of a shipment or payment gives the same.

{% set kept = [
    'rule', 'event_id', 'order_line_id', 'occurred_on', 'is_loss', 'shipment_id', 'invoice_id', 'payment_id', 'credit_note_id',
    'return_id', 'write_off_id', 'due_on', 'interest_on', 'file_id', 'row_number',
] -%}
with

events as (
    select * from {{ ref('commission_line_events') }}
),

shares as (
    select * from {{ ref('commission_shares') }}
    where total_share = 1
),

versions as (
    select * from {{ ref('commission_plan_versions') }}
),

needed as (
    select distinct
        basis,
        base
    from versions
    union distinct
    select
        'money' as basis,
        'collected' as base
    from versions
    where bonus_annual_rate <> 0 or penalty_annual_rate <> 0
),

by_base as (
    select
        needed.basis,
        needed.base,
        {% for name in kept -%}
        events.{{ name }},
        {% endfor -%}
        sum(case needed.base
            when 'revenue' then events.revenue_amount
            when 'margin' then events.margin_amount
            else events.collected_amount
        end) over (
            partition by needed.basis, needed.base, events.order_line_id, events.is_loss
            order by events.occurred_on, events.event_id
            rows between unbounded preceding and current row
        ) as line_to_here
    from events
    inner join needed
        on events.basis = needed.basis
        or (events.basis = 'sales' and needed.basis in ('goods', 'bookings'))
),

shared as (
    select
        by_base.*,
        shares.order_id,
        shares.owner_id,
        shares.share
    from by_base
    inner join shares
        on by_base.order_line_id = shares.order_line_id
),

split as (
    {{ allocate('shared', 'line_to_here', 'share', 'basis, base, order_line_id, event_id', 'owner_id', 'owner_to_here') }}
)

select
    *,
    cast(owner_to_here - coalesce(lag(owner_to_here) over (
        partition by basis, base, order_line_id, owner_id, is_loss
        order by occurred_on, event_id
    ), 0) as decimal(18, 2)) as base_amount
from split
