with

steps as (
    select * from {{ ref('commission_line_steps') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

summed as (
    select
        *,
        sum(amount) over so_far as earned_to_here,
        sum(added_base_amount) over so_far as base_to_here,
        sum(lost_amount) over so_far as lost_to_here,
        max(reached_quantity) over so_far as reached_to_here
    from steps
    window so_far as (
        partition by owner_id, run_id, earner_id, basis, base, order_line_id
        order by posted_on, step, place, rule = 'true_up', event_id
        rows between unbounded preceding and current row
    )
),

clawed as (
    select
        *,
        greatest(least(lost_to_here, base_to_here), 0) as lost_base_to_here,
        case
            when base_to_here > 0 then {{ money_ratio('earned_to_here', 'greatest(least(lost_to_here, base_to_here), 0)', 'base_to_here') }}
            else 0
        end as clawed_to_here
    from summed
),

reached as (
    select
        clawed.*,
        clawed.earned_to_here - clawed.clawed_to_here as left_to_here,
        clawed.base_to_here - clawed.lost_base_to_here as base_left_to_here,
        clawed.reached_to_here >= order_lines.quantity as is_whole_line_reached,
        coalesce({{ money_ratio(
            'case when clawed.base = \'margin\' then order_lines.margin_amount else order_lines.amount end * clawed.share',
            'clawed.reached_to_here',
            'order_lines.quantity',
            3
        ) }}, 0) as base_reached_to_here
    from clawed
    inner join order_lines
        on clawed.order_line_id = order_lines.order_line_id
),

payable as (
    select
        *,
        case
            when mode <> 'collection_then_terminal' then earned_to_here
            when is_whole_line_reached or base_left_to_here <= 0 then clawed_to_here + left_to_here
            else clawed_to_here + {{ money_ratio('left_to_here', 'greatest(least(base_left_to_here, base_reached_to_here), 0)', 'base_left_to_here') }}
        end as payable_to_here
    from reached
)

select
    *,
    cast(clawed_to_here - coalesce(lag(clawed_to_here) over so_far, 0) as decimal(18, 2)) as clawed_amount,
    cast(lost_base_to_here - coalesce(lag(lost_base_to_here) over so_far, 0) as decimal(18, 2)) as lost_base_amount,
    cast(payable_to_here - coalesce(lag(payable_to_here) over so_far, 0) as decimal(18, 2)) as payable_amount
from payable
window so_far as (
    partition by owner_id, run_id, earner_id, basis, base, order_line_id
    order by posted_on, step, place, rule = 'true_up', event_id
)
