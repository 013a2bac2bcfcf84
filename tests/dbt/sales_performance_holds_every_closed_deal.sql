-- Deals and amounts won and lost are the same per deal, per month and per level of reps and company.
with

deals as (
    select
        'deals' as kind,
        count(case when status = 'won' then 1 end) as won,
        count(case when status = 'lost' then 1 end) as lost,
        {{ money_sum("case when status = 'won' then amount end") }} as won_amount,
        {{ money_sum("case when status = 'lost' then amount end") }} as lost_amount
    from {{ ref('opportunities') }}
),

months as (
    select 'months' as kind, sum(won) as won, sum(lost) as lost, {{ money_sum('won_amount') }} as won_amount, {{ money_sum('lost_amount') }} as lost_amount
    from {{ ref('sales_performance') }}
),

levels as (
    select level as kind, sum(won) as won, sum(lost) as lost, {{ money_sum('won_amount') }} as won_amount, {{ money_sum('lost_amount') }} as lost_amount
    from {{ ref('sales_performance_levels') }}
    where level in ('rep', 'region', 'team', 'product_line', 'company')
    group by level
),

sums as (
    select * from months
    union all
    select * from levels
)

select sums.*
from sums
cross join deals
where
    coalesce(sums.won, 0) <> deals.won
    or coalesce(sums.lost, 0) <> deals.lost
    or sums.won_amount <> deals.won_amount
    or sums.lost_amount <> deals.lost_amount
