{{ config(materialized='view', schema='work') }}

with

applications as (
    select * from {{ ref('applications') }}
),

collections as (
    select * from {{ ref('net_collections') }}
),

invoices as (
    select * from {{ ref('invoices') }}
),

parts as (
    select * from {{ ref('invoice_parts') }}
),

collected as (
    select
        applications.application_id,
        applications.applied_on,
        applications.rule,
        applications.invoice_id,
        applications.payment_id,
        parts.due_on,
        invoices.currency,
        invoices.exchange_rate,
        invoices.document_amount as invoice_amount,
        invoices.document_amount - invoices.document_tax_amount as invoice_net_amount,
        sum(applications.document_amount) over applied_so_far as document_to_here,
        sum(collections.net_amount) over applied_so_far as collected_to_here,
        applications.file_id,
        applications.row_number
    from applications
    inner join collections
        on applications.application_id = collections.application_id
    inner join invoices
        on applications.invoice_id = invoices.invoice_id
    inner join parts
        on applications.item_id = parts.item_id
    window applied_so_far as (
        partition by applications.invoice_id
        order by applications.applied_on, applications.application_id
        rows between unbounded preceding and current row
    )
)

select
    collected.*,
    coalesce({{ money_ratio('document_to_here', 'invoice_net_amount', 'invoice_amount') }}, 0) as net_document_to_here,
    coalesce(reversed.applied_on, collected.applied_on) as interest_on
from collected
left join applications as reversed
    on collected.rule = 'reversal'
    and substr(collected.application_id, position(' > ' in collected.application_id) + 3) = reversed.application_id
