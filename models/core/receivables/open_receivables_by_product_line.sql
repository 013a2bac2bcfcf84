with

open_receivables as (
    select * from {{ ref('open_receivables') }}
),

product_lines as (
    select * from {{ ref('invoice_product_lines') }}
),

in_several_lines as (
    select
        open_receivables.reporting_date,
        open_receivables.item_id,
        product_lines.product_line,
        product_lines.weight,
        open_receivables.document_balance_amount,
        open_receivables.balance_amount
    from open_receivables
    inner join product_lines
        on open_receivables.invoice_id = product_lines.invoice_id
    where product_lines.product_lines > 1
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
    product_line,
    document_amount,
    amount
from in_both_currencies
