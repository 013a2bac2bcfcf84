with

dates as (
    select * from {{ ref('state_dates') }}
),

spans as (
    select * from {{ ref('opportunity_spans') }}
    where status in ('won', 'lost')
),

steps as (
    select
        status,
        valid_from_on as moved_on,
        1 as deals
    from spans
    union all
    select
        status,
        valid_until_on as moved_on,
        -1 as deals
    from spans
),

days as (
    select
        moved_on,
        cast(sum(case when status = 'won' then deals else 0 end) as bigint) as won,
        cast(sum(case when status = 'lost' then deals else 0 end) as bigint) as lost
    from steps
    group by moved_on
)

select
    dates.reporting_date,
    cast(coalesce(sum(days.won), 0) as bigint) as won,
    cast(coalesce(sum(days.lost), 0) as bigint) as lost,
    {{ ratio('sum(days.won)', 'sum(days.won) + sum(days.lost)') }} as win_rate
from dates
left join days
    on dates.reporting_date >= days.moved_on
group by dates.reporting_date
