with

invoices as (
    select * from {{ ref('invoices') }}
),

planned_parts as (
    select * from {{ ref('planned_invoice_parts') }}
),

plan_totals as (
    select
        invoice_id,
        {{ money_sum('document_amount') }} as planned_amount
    from planned_parts
    group by invoice_id
),

parts as (
    select * from planned_parts
    union all
    select
        invoices.invoice_id,
        cast(null as varchar) as instalment_id,
        invoices.due_on,
        cast(invoices.document_amount - plan_totals.planned_amount as decimal(18, 2)) as document_amount
    from invoices
    inner join plan_totals
        on invoices.invoice_id = plan_totals.invoice_id
    where invoices.document_amount > plan_totals.planned_amount
),

parts_of_invoices as (
    select
        parts.*,
        coalesce('instalment ' || parts.instalment_id, 'invoice ' || parts.invoice_id) as item_id,
        invoices.amount as invoice_amount
    from parts
    inner join invoices
        on parts.invoice_id = invoices.invoice_id
),

split_parts as (
    {{ allocate('parts_of_invoices', 'invoice_amount', 'document_amount', 'invoice_id', 'item_id', 'amount') }}
),

priced_parts as (
    select
        item_id,
        invoice_id,
        instalment_id,
        due_on,
        document_amount,
        amount
    from split_parts
    union all
    select
        'invoice ' || invoices.invoice_id as item_id,
        invoices.invoice_id,
        cast(null as varchar) as instalment_id,
        invoices.due_on,
        invoices.document_amount,
        invoices.amount
    from invoices
    left join plan_totals
        on invoices.invoice_id = plan_totals.invoice_id
    where plan_totals.invoice_id is null
)

select
    priced_parts.item_id,
    invoices.invoice_id,
    priced_parts.instalment_id,
    invoices.account_id,
    invoices.owner_id,
    invoices.order_id,
    invoices.contract_id,
    invoices.issued_on,
    priced_parts.due_on,
    invoices.currency,
    priced_parts.document_amount,
    priced_parts.amount,
    invoices.is_disputed,
    invoices.file_id,
    invoices.row_number
from priced_parts
inner join invoices
    on priced_parts.invoice_id = invoices.invoice_id
