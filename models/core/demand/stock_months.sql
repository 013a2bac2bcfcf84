{{ config(materialized='view', schema='work') }}

with

counts as (
    select * from {{ ref('stock_counts') }}
),

shipped as (
    select * from {{ ref('shipped_quantities') }}
),

first_shipped as (
    select min(month) as month
    from shipped
),

month_ends as (
    select
        dates.reporting_date as counted_on,
        {{ month_of('dates.reporting_date') }} as month
    from {{ ref('demand_dates') }} as dates
    where dates.reporting_date = last_day(dates.reporting_date)
),

openings as (
    select
        counts.product_id,
        min(month_ends.counted_on) as opened_on
    from month_ends
    inner join counts
        on month_ends.counted_on >= counts.counted_on
    inner join first_shipped
        on month_ends.month >= {{ add_months('first_shipped.month', 2) }}
    group by counts.product_id
),

months as (
    select
        openings.product_id,
        openings.opened_on,
        month_ends.month,
        month_ends.month = {{ month_of('openings.opened_on') }} as is_opening,
        counts.on_hand_quantity as counted_quantity
    from openings
    inner join month_ends
        on openings.opened_on <= month_ends.counted_on
    inner join counts
        on openings.product_id = counts.product_id
        and month_ends.counted_on >= counts.counted_on
        and month_ends.counted_on < counts.next_counted_on
)

select
    months.*,
    case when months.is_opening then 0 else coalesce(shipped.shipped_quantity, 0) end as shipped_quantity,
    sum(case when months.is_opening then 0 else coalesce(shipped.shipped_quantity, 0) end) over (
        partition by months.product_id
        order by months.month
        rows between unbounded preceding and current row
    ) as shipped_to_here
from months
left join shipped
    on months.product_id = shipped.product_id
    and months.month = shipped.month
