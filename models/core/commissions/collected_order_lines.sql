with

collected as (
    select * from {{ ref('collected_invoices') }}
),

invoiced as (
    select * from {{ ref('invoiced_order_lines') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

placed as (
    select
        collected.*,
        invoiced.order_line_id,
        invoiced.shipment_id,
        invoiced.weight
    from collected
    inner join invoiced
        on collected.invoice_id = invoiced.invoice_id
),

by_document as (
    {{ allocate('placed', 'net_document_to_here', 'weight', 'application_id', 'order_line_id', 'line_document_to_here') }}
),

by_line as (
    {{ allocate('by_document', 'collected_to_here', 'weight', 'application_id', 'order_line_id', 'line_collected_to_here') }}
),

valued as (
    select
        by_line.*,
        order_lines.amount as line_amount,
        order_lines.margin_amount as line_margin_amount,
        case
            when by_line.currency = order_lines.currency then {{ money_times('by_line.line_document_to_here', 'order_lines.exchange_rate') }}
            else {{ money_times('by_line.line_document_to_here', 'by_line.exchange_rate') }}
        end as line_revenue_to_here
    from by_line
    inner join order_lines
        on by_line.order_line_id = order_lines.order_line_id
),

stretches as (
    select
        *,
        {{ money_ratio('line_revenue_to_here', 'line_margin_amount', 'line_amount') }} as line_margin_to_here
    from valued
)

select
    application_id,
    order_line_id,
    applied_on,
    interest_on,
    due_on,
    invoice_id,
    shipment_id,
    payment_id,
    {% for base in ['revenue', 'margin', 'collected'] -%}
    cast(line_{{ base }}_to_here - coalesce(lag(line_{{ base }}_to_here) over (
        partition by invoice_id, order_line_id
        order by applied_on, application_id
    ), 0) as decimal(18, 2)) as {{ base }}_amount,
    {% endfor -%}
    file_id,
    row_number
from stretches
