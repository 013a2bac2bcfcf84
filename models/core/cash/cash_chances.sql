{{ config(materialized='table', schema='work') }}

with

items as (
    select * from {{ ref('cash_items') }}
),

habits as (
    select * from {{ ref('cash_habits') }}
),

days_with_payments as (
    select distinct cash_date from {{ ref('delay_counts') }}
),

unknown as (
    select
        items.*,
        1 as payments,
        1 as payments_to_come,
        'none' as scope,
        case when items.days_past_due >= 0 then 1 else {{ idiv('-items.days_past_due - 1', '7') }} + 1 end as week_number
    from items
    left join days_with_payments
        on items.cash_date = days_with_payments.cash_date
    where days_with_payments.cash_date is null
),

known as (
    select
        items.*,
        habits.payments,
        habits.payments_to_come,
        habits.scope,
        habits.week_number
    from items
    inner join habits
        on items.cash_date = habits.cash_date
        and items.account_id = habits.account_id
        and items.days_past_due = habits.days_past_due
),

chances as (
    select * from known
    union all
    select * from unknown
)

select
    cash_date,
    item_id,
    account_id,
    days_past_due,
    scope,
    week_number,
    cast(balance_amount as double) as balance,
    cast(payments as double) / payments_to_come as chance,
    {{ money_ratio('balance_amount', 'payments', 'payments_to_come') }} as expected_amount
from chances
where week_number <= 13
