with

invoice_lines as (
    select * from {{ ref('all_invoice_lines') }}
),

products as (
    select * from {{ ref('products') }}
),

by_line as (
    select
        invoice_lines.invoice_id,
        coalesce(products.product_line, '(none)') as product_line,
        greatest({{ money_sum('invoice_lines.amount') }}, 0) as weight
    from invoice_lines
    left join products
        on invoice_lines.product_id = products.product_id
    group by invoice_lines.invoice_id, coalesce(products.product_line, '(none)')
)

select
    invoice_id,
    product_line,
    weight
from by_line
where weight > 0
