with

invoices as (
    select * from {{ ref('invoices') }}
),

invoice_lines as (
    select * from {{ ref('all_invoice_lines') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

shipments as (
    select * from {{ ref('shipments') }}
),

named_lines as (
    select
        invoice_lines.invoice_id,
        'invoice_line' as rule,
        coalesce(invoice_lines.order_line_id, shipments.order_line_id) as order_line_id,
        coalesce(invoices.shipment_id, shipments.shipment_id) as shipment_id,
        invoice_lines.amount - coalesce(invoice_lines.tax_amount, 0) as weight
    from invoice_lines
    inner join invoices
        on invoice_lines.invoice_id = invoices.invoice_id
    left join shipments
        on invoice_lines.shipment_line_id = shipments.shipment_line_id
    qualify count(coalesce(invoice_lines.order_line_id, shipments.order_line_id)) over (partition by invoice_lines.invoice_id) > 0
),

shipped_lines as (
    select
        invoices.invoice_id,
        'shipment' as rule,
        shipments.order_line_id,
        invoices.shipment_id,
        {{ money_ratio('order_lines.amount', 'shipments.quantity', 'order_lines.quantity', 3) }} as weight
    from invoices
    inner join shipments
        on invoices.shipment_id = shipments.shipment_id
    inner join order_lines
        on shipments.order_line_id = order_lines.order_line_id
    where invoices.invoice_id not in (select named_lines.invoice_id from named_lines)
),

ordered_lines as (
    select
        invoices.invoice_id,
        'order' as rule,
        order_lines.order_line_id,
        invoices.shipment_id,
        order_lines.amount as weight
    from invoices
    inner join order_lines
        on invoices.order_id = order_lines.order_id
    where
        coalesce(order_lines.cancelled_on > invoices.issued_on, true)
        and invoices.invoice_id not in (select named_lines.invoice_id from named_lines)
        and invoices.invoice_id not in (select shipped_lines.invoice_id from shipped_lines)
),

lines as (
    select * from named_lines
    union all
    select * from shipped_lines
    union all
    select * from ordered_lines
)

select
    invoice_id,
    coalesce(order_line_id, '(none)') as order_line_id,
    min(rule) as rule,
    max(shipment_id) as shipment_id,
    {{ money_sum('weight') }} as weight
from lines
where weight > 0
group by invoice_id, coalesce(order_line_id, '(none)')
