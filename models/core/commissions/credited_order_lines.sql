{{ config(materialized='view', schema='work') }}

-- Credit notes without a return and write-offs, net of tax, on the order lines that they lower: the line that the credit note
-- names, else those of the invoice.

with

credit_notes as (
    select * from {{ ref('credit_notes') }}
    where return_id is null
),

applications as (
    select * from {{ ref('applications') }}
    where source_kind = 'write_off'
),

invoices as (
    select * from {{ ref('invoices') }}
),

invoiced as (
    select * from {{ ref('invoiced_order_lines') }}
),

written_off as (
    select
        applications.*,
        invoices.amount as invoice_amount,
        invoices.amount - invoices.tax_amount as invoice_net_amount,
        sum(applications.amount) over (
            partition by applications.invoice_id
            order by applications.applied_on, applications.application_id
            rows between unbounded preceding and current row
        ) as written_off_to_here
    from applications
    inner join invoices
        on applications.invoice_id = invoices.invoice_id
),

credits as (
    select
        'credit_note' as rule,
        'credit_note ' || credit_note_id as event_id,
        credit_note_id,
        cast(null as varchar) as write_off_id,
        invoice_id,
        order_line_id,
        issued_on as occurred_on,
        cast(amount - tax_amount as decimal(18, 2)) as net_amount,
        file_id,
        row_number
    from credit_notes
    union all
    select
        'write_off' as rule,
        'write_off ' || application_id as event_id,
        cast(null as varchar) as credit_note_id,
        write_off_id,
        invoice_id,
        cast(null as varchar) as order_line_id,
        applied_on as occurred_on,
        {{ money_share('invoice_net_amount', 'written_off_to_here - amount', 'written_off_to_here', 'invoice_amount') }} as net_amount,
        file_id,
        row_number
    from written_off
),

placed as (
    select
        credits.rule,
        credits.event_id,
        credits.credit_note_id,
        credits.write_off_id,
        credits.invoice_id,
        credits.occurred_on,
        credits.net_amount,
        credits.file_id,
        credits.row_number,
        coalesce(credits.order_line_id, invoiced.order_line_id) as order_line_id,
        coalesce(invoiced.weight, 1) as weight
    from credits
    left join invoiced
        on credits.order_line_id is null
        and credits.invoice_id = invoiced.invoice_id
)

{{ allocate('placed', 'net_amount', 'weight', 'event_id', 'order_line_id', 'amount') }}
