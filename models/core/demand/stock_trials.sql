-- Filled up at the start of every month to what the policy wants, never sold off, and emptied by what shipped: after the
-- month there is left the highest of all wishes so far, each with what had shipped before it, less what has shipped by now.

with

months as (
    select * from {{ ref('stock_months') }}
),

targets as (
    select * from {{ ref('stock_targets') }}
),

policies as (
    {% for policy in ['orders', 'forecast', 'last_quarter'] -%}
    select '{{ policy }}' as policy
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

filled as (
    select
        months.*,
        policies.policy,
        case when months.is_opening then months.counted_quantity else coalesce(targets.target_quantity, 0) end as target_quantity,
        max(
            case when months.is_opening then months.counted_quantity else coalesce(targets.target_quantity, 0) end
            + months.shipped_to_here - months.shipped_quantity
        ) over (
            partition by months.product_id, policies.policy
            order by months.month
            rows between unbounded preceding and current row
        ) as filled_to_here
    from months
    cross join policies
    left join targets
        on months.product_id = targets.product_id
        and months.month = targets.month
        and policies.policy = targets.policy
)

select
    month,
    product_id,
    policy,
    cast(target_quantity as decimal(18, 3)) as target_quantity,
    cast(shipped_quantity as decimal(18, 3)) as shipped_quantity,
    cast(filled_to_here - shipped_to_here as decimal(18, 3)) as left_quantity
from filled
where not is_opening
union all
select
    month,
    product_id,
    'counted' as policy,
    null as target_quantity,
    cast(shipped_quantity as decimal(18, 3)) as shipped_quantity,
    cast(counted_quantity as decimal(18, 3)) as left_quantity
from months
where not is_opening
