{{ config(materialized='view', schema='work') }}

with

dates as (
    select * from {{ ref('pipeline_dates') }}
),

fiscal_years as (
    select * from {{ ref('fiscal_periods') }}
    where period_kind = 'year'
),

spans as (
    select * from {{ ref('opportunity_spans') }}
    where status = 'won'
),

dated_years as (
    select
        dates.reporting_date,
        lag(dates.reporting_date, 1, cast('0001-01-01' as date)) over (order by dates.reporting_date) as previous_date,
        fiscal_years.starts_on as year_starts_on
    from dates
    inner join fiscal_years
        on dates.reporting_date between fiscal_years.starts_on and fiscal_years.ends_on
),

steps as (
    select
        valid_from_on as moved_on,
        status_since_on,
        owner_id,
        product_line,
        closed_amount as amount,
        1 as deals,
        case when is_estimated then 1 else 0 end as estimated_deals
    from spans
    union all
    select
        valid_until_on as moved_on,
        status_since_on,
        owner_id,
        product_line,
        -closed_amount as amount,
        -1 as deals,
        case when is_estimated then -1 else 0 end as estimated_deals
    from spans
),

movements as (
    select
        dated_years.reporting_date as moved_on,
        {{ month_of('steps.status_since_on') }} as month,
        coalesce(steps.owner_id, '(none)') as owner_id,
        coalesce(steps.product_line, '(none)') as product_line,
        {{ money_sum('steps.amount') }} as amount,
        sum(steps.deals) as deals,
        sum(steps.estimated_deals) as estimated_deals
    from steps
    inner join dated_years
        on steps.moved_on > dated_years.previous_date
        and steps.moved_on <= dated_years.reporting_date
    group by dated_years.reporting_date, {{ month_of('steps.status_since_on') }}, coalesce(steps.owner_id, '(none)'), coalesce(steps.product_line, '(none)')
),

standing_movements as (
    select
        dated_years.reporting_date,
        case when movements.month >= dated_years.year_starts_on then movements.month else cast('0001-01-01' as date) end as month,
        movements.owner_id,
        movements.product_line,
        movements.amount,
        movements.deals,
        movements.estimated_deals
    from dated_years
    inner join movements
        on dated_years.reporting_date >= movements.moved_on
)

select
    reporting_date,
    month,
    owner_id,
    product_line,
    {{ money_sum('amount') }} as won_amount,
    cast(sum(deals) as bigint) as won_deals,
    sum(estimated_deals) > 0 as is_estimated
from standing_movements
group by reporting_date, month, owner_id, product_line
having sum(deals) <> 0 or sum(amount) <> 0
