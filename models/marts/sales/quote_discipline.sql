with

quotes as (
    select * from {{ ref('quotes') }}
),

reps as (
    select * from {{ ref('reps') }}
),

counts as (
    select
        month,
        owner_id,
        product_line,
        count(*) as quotes,
        {{ money_sum('case when list_amount is not null and quoted_amount is not null then list_amount end') }} as list_amount,
        {{ money_sum('case when list_amount is not null and quoted_amount is not null then quoted_amount end') }} as quoted_amount,
        count(case when is_below_floor then 1 end) as below_floor,
        count(seconds_to_decision) as decided,
        count(case when decision = 'approved' then 1 end) as approved,
        coalesce(sum(case when seconds_to_decision < 0 then 0 else seconds_to_decision end), 0) as seconds_sum,
        percentile_cont(0.5) within group (order by cast(case when seconds_to_decision < 0 then 0 else seconds_to_decision end as double)) as median_seconds,
        count(case when is_ordered then 1 end) as ordered
    from quotes
    group by month, owner_id, product_line
)

select
    counts.month,
    counts.owner_id,
    coalesce(reps.owner_name, counts.owner_id) as owner_name,
    counts.product_line,
    counts.quotes,
    counts.list_amount,
    counts.quoted_amount,
    {{ ratio('counts.list_amount - counts.quoted_amount', 'counts.list_amount') }} as discount_rate,
    counts.below_floor,
    counts.decided,
    counts.approved,
    {{ ratio('counts.approved', 'counts.decided') }} as approval_rate,
    {{ money_ratio('counts.seconds_sum', '1', '3600', 0) }} as hours_sum,
    {{ money_ratio('counts.median_seconds', '1', '3600', 0) }} as approval_hours,
    counts.ordered,
    {{ ratio('counts.ordered', 'counts.quotes') }} as order_rate,
    {{ wilson_low('counts.ordered', 'counts.quotes') }} as order_low,
    {{ wilson_high('counts.ordered', 'counts.quotes') }} as order_high
from counts
left join reps
    on counts.owner_id = reps.owner_id
