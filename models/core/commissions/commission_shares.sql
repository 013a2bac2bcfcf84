with

order_lines as (
    select * from {{ ref('order_lines') }}
    where is_commissionable
),

orders as (
    select * from {{ ref('orders') }}
),

splits as (
    select * from {{ ref('all_commission_splits') }}
),

stated_shares as (
    select
        order_lines.order_line_id,
        order_lines.order_id,
        splits.owner_id,
        splits.share,
        case when splits.order_line_id is null then 'order' else 'line' end as split_rule
    from order_lines
    inner join splits
        on order_lines.order_id = splits.order_id
        and order_lines.order_line_id = coalesce(splits.order_line_id, order_lines.order_line_id)
    qualify
        splits.order_line_id is not null
        or count(splits.order_line_id) over (partition by order_lines.order_line_id) = 0
),

shares as (
    select * from stated_shares
    union all
    select
        order_lines.order_line_id,
        order_lines.order_id,
        orders.owner_id,
        cast(1 as decimal(18, 6)) as share,
        'owner' as split_rule
    from order_lines
    inner join orders
        on order_lines.order_id = orders.order_id
    where
        orders.owner_id is not null
        and order_lines.order_line_id not in (select stated_shares.order_line_id from stated_shares)
)

select
    order_line_id,
    order_id,
    owner_id,
    share,
    split_rule,
    cast(sum(share) over (partition by order_line_id) as decimal(18, 6)) as total_share
from shares
