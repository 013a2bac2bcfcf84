{{ config(materialized='view', schema='work') }}

-- Sales that have not brought their commission yet, as movements: ordered; in mode shipment until the goods arrive, in mode
-- attainment until the period ends, where money counts until it is invoiced (open_orders) and then collected (receivables).

with

sold as (
    select * from {{ ref('commission_sales') }}
),

invoices as (
    select * from {{ ref('invoices') }}
),

invoiced as (
    select
        *,
        sum(weight) over (partition by invoice_id) as invoice_weight
    from {{ ref('invoiced_order_lines') }}
),

events as (
    select * from {{ ref('commission_line_events') }}
),

components as (
    select
        'open_orders' as component,
        -1 as direction
    union all
    select
        'receivables' as component,
        1 as direction
)

select
    owner_id,
    'open_orders' as component,
    ordered_on as moved_on,
    {{ money_times('amount', 'share') }} as amount
from sold
union all
select
    owner_id,
    'open_orders' as component,
    least(period_ends_on, coalesce(cancelled_on, period_ends_on)) as moved_on,
    {{ money_times('-amount', 'share') }} as amount
from sold
where basis = 'bookings'
union all
select
    owner_id,
    'open_orders' as component,
    cancelled_on as moved_on,
    {{ money_times('-amount', 'share') }} as amount
from sold
where basis <> 'bookings' and cancelled_on is not null
union all
select
    sold.owner_id,
    case when sold.basis = 'goods' then 'open_orders' else 'receivables' end as component,
    events.occurred_on as moved_on,
    {{ money_times('case when events.rule = \'refund\' then events.revenue_amount else -events.revenue_amount end', 'sold.share') }} as amount
from sold
inner join events
    on sold.order_line_id = events.order_line_id
    and (
        (sold.basis = 'goods' and events.basis = 'goods')
        or (sold.basis = 'money' and events.basis in ('money', 'sales'))
    )
union all
select
    sold.owner_id,
    components.component,
    invoices.issued_on as moved_on,
    components.direction * {{ money_times(money_ratio('invoices.amount - invoices.tax_amount', 'invoiced.weight', 'invoiced.invoice_weight'), 'sold.share') }} as amount
from sold
inner join invoiced
    on sold.order_line_id = invoiced.order_line_id
inner join invoices
    on invoiced.invoice_id = invoices.invoice_id
cross join components
where sold.basis = 'money'
