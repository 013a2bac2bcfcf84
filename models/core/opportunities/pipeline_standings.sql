{{ config(materialized='view', schema='work') }}

with

months as (
    select * from {{ ref('pipeline_months') }}
    where open_deals > 0
),

periods as (
    select * from {{ ref('fiscal_periods') }}
),

placed_months as (
    select
        months.*,
        periods.period
    from months
    inner join periods
        on months.month >= periods.starts_on
        and months.month <= periods.ends_on
    union all
    select
        *,
        'undated' as period
    from months
    where month is null
    union all
    select
        *,
        'all' as period
    from months
)

select
    reporting_date,
    period,
    owner_id,
    {{ money_sum('open_amount') }} as amount,
    cast(sum(open_deals) as bigint) as opportunities
from placed_months
group by reporting_date, period, owner_id
