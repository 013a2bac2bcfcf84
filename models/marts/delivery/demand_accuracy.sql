with

errors as (
    select * from {{ ref('demand_errors') }}
),

products as (
    select * from {{ ref('products') }}
),

placed as (
    select
        errors.*,
        coalesce(products.product_name, errors.product_id) as product_name,
        coalesce(products.product_line, '(none)') as product_line
    from errors
    left join products
        on errors.product_id = products.product_id
),

levelled as (
    {% for level, id, name in [('company', "'company'", "'company'"), ('product_line', 'product_line', 'product_line'), ('product', 'product_id', 'product_name')] -%}
    {% for period in ['period', "'all'"] -%}
    select
        {{ period }} as period,
        method,
        '{{ level }}' as level,
        {{ id }} as level_id,
        {{ name }} as level_name,
        forecast_quantity,
        actual_quantity,
        error
    from placed
    {{ 'union all' if not loop.last }}
    {% endfor -%}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    period,
    method,
    level,
    level_id,
    max(level_name) as level_name,
    cast(sum(forecast_quantity) as decimal(18, 3)) as forecast_quantity,
    cast(sum(actual_quantity) as decimal(18, 3)) as actual_quantity,
    cast(sum(error) as decimal(18, 3)) as error,
    cast(sum(abs(error)) as decimal(18, 3)) as absolute_error,
    {{ ratio('sum(abs(error))', 'sum(actual_quantity)') }} as wape,
    {{ ratio('sum(error)', 'sum(actual_quantity)') }} as bias
from levelled
group by period, method, level, level_id
