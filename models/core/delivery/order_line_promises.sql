with

settings as (
    select * from {{ ref('run_settings') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

arrivals as (
    select * from {{ ref('order_line_arrivals') }}
),

progress as (
    select * from {{ ref('order_line_progress') }}
),

delays as (
    select
        shipments.order_line_id,
        max_by(shipments.delay_reason, cast(shipments.shipped_on as varchar) || ' ' || shipments.shipment_line_id) as delay_reason
    from {{ ref('shipments') }} as shipments
    inner join settings
        on shipments.shipped_on <= settings.as_of_date
    where shipments.delay_reason is not null
    group by shipments.order_line_id
),

kept as (
    select
        order_lines.order_line_id,
        coalesce(max(case when arrivals.arrived_on <= order_lines.promised_on then arrivals.arrived_to_here end), 0) as promised_quantity,
        min(case when arrivals.arrived_to_here >= order_lines.quantity then arrivals.arrived_on end) as completed_on
    from order_lines
    left join arrivals
        on order_lines.order_line_id = arrivals.order_line_id
    group by order_lines.order_line_id
)

select
    order_lines.order_line_id,
    order_lines.order_id,
    order_lines.account_id,
    order_lines.product_id,
    order_lines.product_line,
    order_lines.ordered_on,
    order_lines.promised_on,
    order_lines.quantity,
    cast(kept.promised_quantity as decimal(18, 3)) as promised_quantity,
    kept.completed_on,
    {{ duration_days('order_lines.ordered_on', 'kept.completed_on') }} as lead_days,
    coalesce(order_lines.promised_on <= settings.as_of_date, false) as is_due,
    coalesce(order_lines.promised_on <= settings.as_of_date and kept.promised_quantity >= order_lines.quantity, false) as is_on_time_in_full,
    cast(greatest(order_lines.quantity - progress.shipped_quantity, 0) as decimal(18, 3)) as backlog_quantity,
    cast(greatest(order_lines.amount - progress.shipped_amount, 0) as decimal(18, 2)) as backlog_amount,
    delays.delay_reason
from order_lines
cross join settings
inner join progress
    on order_lines.order_line_id = progress.order_line_id
inner join kept
    on order_lines.order_line_id = kept.order_line_id
left join delays
    on order_lines.order_line_id = delays.order_line_id
where not progress.is_cancelled
