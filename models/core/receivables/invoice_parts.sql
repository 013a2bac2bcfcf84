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

unplanned_parts as (
    select
        invoices.invoice_id,
        cast(null as varchar) as instalment_id,
        invoices.due_on,
        cast(invoices.document_amount - coalesce(plan_totals.planned_amount, 0) as decimal(18, 2)) as document_amount
    from invoices
    left join plan_totals
        on invoices.invoice_id = plan_totals.invoice_id
    where
        plan_totals.invoice_id is null
        or invoices.document_amount > plan_totals.planned_amount
),

parts as (
    select * from planned_parts
    union all
    select * from unplanned_parts
),

laid_out as (
    select
        *,
        sum(document_amount) over (
            partition by invoice_id
            order by due_on, instalment_id nulls last
            rows between unbounded preceding and current row
        ) as to_here
    from parts
)

select
    coalesce('instalment ' || laid_out.instalment_id, 'invoice ' || invoices.invoice_id) as item_id,
    invoices.invoice_id,
    laid_out.instalment_id,
    invoices.account_id,
    invoices.owner_id,
    invoices.order_id,
    invoices.contract_id,
    invoices.issued_on,
    laid_out.due_on,
    invoices.currency,
    laid_out.document_amount,
    {{ money_share('invoices.amount', 'laid_out.to_here - laid_out.document_amount', 'laid_out.to_here', 'invoices.document_amount') }} as amount,
    invoices.is_disputed,
    invoices.file_id,
    invoices.row_number
from laid_out
inner join invoices
    on laid_out.invoice_id = invoices.invoice_id
