{{ config(materialized='view', schema='work') }}

-- What each way of planning would have had in the house at a month's start, for that month and the next.

with

signals as (
    select
        month,
        product_id,
        {% for kind in ['ordered', 'ordered_again', 'expected', 'shipped'] -%}
        coalesce(sum(case when kind = '{{ kind }}' then quantity end), 0) as {{ kind }}_quantity,
        {% endfor -%}
        coalesce(sum(case when kind = 'shipped_again' then quantity end), 0) as shipped_again_quantity
    from {{ ref('stock_signals') }}
    group by month, product_id
)

{% for policy, quantity in [
    ('orders', 'ordered_quantity'),
    ('forecast', 'ordered_quantity - ordered_again_quantity + expected_quantity + greatest(ordered_again_quantity, shipped_again_quantity * 2 / 3)'),
    ('last_quarter', 'shipped_quantity * 2 / 3'),
] -%}
select
    month,
    product_id,
    '{{ policy }}' as policy,
    cast(round({{ quantity }}, 3) as decimal(18, 3)) as target_quantity
from signals
{{ 'union all' if not loop.last }}
{% endfor %}
