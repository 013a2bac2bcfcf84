with

products as (
    select * from {{ ref('all_products') }}
)

select
    product_id,
    name as product_name,
    product_line,
    list_price,
    unit_cost,
    currency,
    file_id,
    row_number
from products
