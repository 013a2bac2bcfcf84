-- On every day, of what each person earned on a line no more was taken back than was there, and no more is payable than was earned.
with

daily as (
    select
        owner_id,
        coalesce(through_owner_id, owner_id) as seller_id,
        order_line_id,
        moved_on,
        sum(case when kind = 'accrued' then amount else 0 end) as earned,
        sum(case when kind = 'clawback' then -amount else 0 end) as clawed,
        sum(case when kind = 'payable' then amount else 0 end) as payable
    from {{ ref('commission_movements') }}
    where order_line_id is not null
    group by owner_id, coalesce(through_owner_id, owner_id), order_line_id, moved_on
),

balances as (
    select
        owner_id,
        order_line_id,
        moved_on,
        sum(earned) over so_far as earned,
        sum(clawed) over so_far as clawed,
        sum(payable) over so_far as payable
    from daily
    window so_far as (partition by owner_id, seller_id, order_line_id order by moved_on)
)

select * from balances
where earned >= 0 and (clawed > earned or payable > earned)
