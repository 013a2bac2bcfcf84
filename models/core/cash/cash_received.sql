{{ config(materialized='view', schema='work') }}

with

items as (
    select * from {{ ref('cash_items') }}
),

delays as (
    select * from {{ ref('payment_delays') }}
),

received as (
    select
        items.cash_date,
        {{ idiv(days_between('items.cash_date', 'delays.applied_on') ~ ' - 1', '7') }} + 1 as week_number,
        delays.amount
    from items
    inner join delays
        on items.item_id = delays.item_id
        and items.cash_date < delays.applied_on
)

select
    cash_date,
    week_number,
    {{ money_sum('amount') }} as received_amount
from received
where week_number <= 13
group by cash_date, week_number
