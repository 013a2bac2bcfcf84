with

trials as (
    select * from {{ ref('stock_trials') }}
),

products as (
    select * from {{ ref('products') }}
),

costs as (
    select * from {{ ref('product_unit_costs') }}
)

select
    trials.month,
    trials.policy,
    trials.product_id,
    coalesce(products.product_name, trials.product_id) as product_name,
    coalesce(products.product_line, '(none)') as product_line,
    trials.target_quantity,
    trials.shipped_quantity,
    cast(greatest(trials.left_quantity, 0) as decimal(18, 3)) as stock_quantity,
    cast(greatest(-trials.left_quantity, 0) as decimal(18, 3)) as shortage_quantity,
    {{ cost_times('costs.document_unit_cost', 'greatest(trials.left_quantity, 0) * costs.exchange_rate') }} as stock_amount
from trials
left join products
    on trials.product_id = products.product_id
left join costs
    on trials.product_id = costs.product_id
