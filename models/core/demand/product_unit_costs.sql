with

settings as (
    select * from {{ ref('run_settings') }}
),

products as (
    select * from {{ ref('products') }}
),

product_costs as (
    select
        costs.*,
        row_number() over (partition by costs.product_id order by costs.valid_from_on desc) as age
    from {{ ref('all_product_costs') }} as costs
    inner join settings
        on costs.valid_from_on <= settings.as_of_date
),

exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

costs as (
    select
        products.product_id,
        coalesce(product_costs.unit_cost, products.unit_cost) as document_unit_cost,
        coalesce(case when product_costs.unit_cost is null then products.currency else product_costs.currency end, settings.company_currency) as currency,
        settings.as_of_date
    from products
    cross join settings
    left join product_costs
        on products.product_id = product_costs.product_id
        and product_costs.age = 1
)

select
    costs.product_id,
    costs.document_unit_cost,
    costs.currency,
    exchange_rates.rate as exchange_rate
from costs
left join exchange_rates
    on costs.currency = exchange_rates.currency
    and costs.as_of_date >= exchange_rates.valid_from_on
    and costs.as_of_date < exchange_rates.valid_until_on
