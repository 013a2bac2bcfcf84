{{ config(materialized='view', schema='work') }}

with

positions as (
    select * from {{ ref('receivable_positions') }}
),

days as (
    select * from {{ ref('receivable_days') }}
),

blocks as (
    select
        positions.reporting_date,
        positions.balance_amount,
        {{ idiv(days_between('days.day', 'positions.reporting_date'), 30) }} as block,
        sum(days.credit_sales_amount) as sales_amount
    from positions
    inner join days
        on positions.reporting_date >= days.day
    where positions.balance_amount > 0
    group by positions.reporting_date, positions.balance_amount, {{ idiv(days_between('days.day', 'positions.reporting_date'), 30) }}
),

counted_back as (
    select
        *,
        sum(sales_amount) over (
            partition by reporting_date
            order by block
            rows between unbounded preceding and current row
        ) as sales_to_here
    from blocks
),

last_blocks as (
    select * from counted_back
    where sales_to_here >= balance_amount
    qualify row_number() over (partition by reporting_date order by block) = 1
)

select
    reporting_date,
    {{ ratio('30 * (block * sales_amount + balance_amount - sales_to_here + sales_amount)', 'sales_amount') }} as dso_countback
from last_blocks
