with

open_receivables as (
    select * from {{ ref('owned_receivables') }}
    where product_line is null
),

product_lines as (
    select * from {{ ref('invoice_product_lines') }}
),

in_several_lines as (
    select
        open_receivables.reporting_date,
        open_receivables.item_id,
        open_receivables.account_id,
        open_receivables.owner_id,
        open_receivables.region,
        open_receivables.currency,
        open_receivables.is_disputed,
        open_receivables.due_bucket,
        open_receivables.invoice_bucket,
        open_receivables.document_balance_amount,
        open_receivables.balance_amount,
        product_lines.product_line,
        product_lines.weight
    from open_receivables
    inner join product_lines
        on open_receivables.invoice_id = product_lines.invoice_id
),

in_company_currency as (
    {{ allocate('in_several_lines', 'balance_amount', 'weight', 'reporting_date, item_id', 'product_line', 'amount') }}
),

in_both_currencies as (
    {{ allocate('in_company_currency', 'document_balance_amount', 'weight', 'reporting_date, item_id', 'product_line', 'document_amount') }}
)

select
    reporting_date,
    item_id,
    account_id,
    owner_id,
    region,
    product_line,
    currency,
    is_disputed,
    due_bucket,
    invoice_bucket,
    document_amount,
    amount
from in_both_currencies
