with

rolled as (
    select * from {{ ref('rolled_receivables') }}
),

opened as (
    select
        closing_on,
        from_bucket,
        count(distinct item_id) as from_items,
        {{ money_sum('amount') }} as from_amount
    from rolled
    group by closing_on, from_bucket
),

moved as (
    select
        closing_on,
        from_bucket,
        to_bucket,
        count(*) as items,
        {{ money_sum('amount') }} as amount
    from rolled
    group by closing_on, from_bucket, to_bucket
)

select
    {{ month_of('moved.closing_on') }} as month,
    moved.from_bucket,
    moved.to_bucket,
    moved.items,
    opened.from_items,
    moved.amount,
    opened.from_amount,
    {{ ratio('moved.amount', 'opened.from_amount') }} as rate
from moved
inner join opened
    on moved.closing_on = opened.closing_on
    and moved.from_bucket = opened.from_bucket
