with

opportunities as (
    select * from {{ ref('opportunities') }}
    where status = 'lost'
),

quarters as (
    select * from {{ ref('fiscal_periods') }}
    where period_kind = 'quarter'
),

counts as (
    select
        quarters.period as quarter,
        coalesce(opportunities.loss_reason, '(none)') as reason,
        coalesce(opportunities.competitor, '(none)') as competitor,
        count(*) as opportunities,
        {{ money_sum('opportunities.amount') }} as amount
    from opportunities
    inner join quarters
        on opportunities.closed_on >= quarters.starts_on
        and opportunities.closed_on <= quarters.ends_on
    group by quarters.period, coalesce(opportunities.loss_reason, '(none)'), coalesce(opportunities.competitor, '(none)')
)

select
    *,
    {{ ratio('opportunities', 'sum(opportunities) over (partition by quarter)') }} as share
from counts
