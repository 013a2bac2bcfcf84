{{ config(materialized='view', schema='work') }}

with

customer_values as (
    select * from {{ ref('customer_values') }}
),

segments as (
    select * from {{ ref('segments') }}
),

accumulated as (
    select
        *,
        cast(coalesce(
            sum(greatest(revenue_12m_amount, 0)) over (
                order by revenue_12m_amount desc, account_id asc
                rows between unbounded preceding and 1 preceding
            ), 0
        ) as decimal(18, 2)) as larger_amount,
        cast(sum(greatest(revenue_12m_amount, 0)) over () as decimal(18, 2)) as total_amount
    from customer_values
),

{# A fifth is how many fifths of the customers are strictly worse; equals share one. #}
ranked as (
    select
        account_id,
        count(*) over () as customers,
        rank() over (order by last_order_on) - 1 as less_recent,
        rank() over (order by orders) - 1 as less_frequent,
        rank() over (order by revenue_amount) - 1 as less_worth
    from customer_values
    where orders > 0
)

select
    accumulated.account_id,
    status_segments.name as status,
    case when accumulated.revenue_12m_amount > 0 then abc_segments.name else '(none)' end as abc,
    cast(1 + {{ idiv('5 * ranked.less_recent', 'ranked.customers') }} as bigint) as recency_fifth,
    cast(1 + {{ idiv('5 * ranked.less_frequent', 'ranked.customers') }} as bigint) as frequency_fifth,
    cast(1 + {{ idiv('5 * ranked.less_worth', 'ranked.customers') }} as bigint) as monetary_fifth
from accumulated
left join segments as abc_segments
    on abc_segments.kind = 'abc'
    and accumulated.larger_amount >= abc_segments.from_value * accumulated.total_amount
    and (abc_segments.to_value is null or accumulated.larger_amount < abc_segments.to_value * accumulated.total_amount)
left join segments as status_segments
    on status_segments.kind = 'status'
    and (
        (accumulated.days_since_order is null and status_segments.from_value is null and status_segments.to_value is null)
        or (
            accumulated.days_since_order >= status_segments.from_value
            and (status_segments.to_value is null or accumulated.days_since_order < status_segments.to_value)
        )
    )
left join ranked
    on accumulated.account_id = ranked.account_id
