{{ config(materialized='view', schema='work') }}

with

cash_dates as (
    select distinct cash_date from {{ ref('cash_items') }}
),

accounts as (
    select * from {{ ref('accounts') }}
),

daily as (
    select
        account_id,
        applied_on,
        delay_days,
        count(*) as payments
    from {{ ref('payment_delays') }}
    group by account_id, applied_on, delay_days
),

by_payer as (
    select
        cash_dates.cash_date,
        daily.account_id,
        daily.delay_days,
        sum(daily.payments) as payments
    from cash_dates
    inner join daily
        on cash_dates.cash_date >= daily.applied_on
        and {{ add_days('daily.applied_on', 365) }} > cash_dates.cash_date
    group by cash_dates.cash_date, daily.account_id, daily.delay_days
),

by_scope as (
    select
        cash_date,
        1 as scope,
        account_id as scope_id,
        delay_days,
        payments
    from by_payer
    union all
    select
        by_payer.cash_date,
        2 as scope,
        coalesce(accounts.size, '(none)') as scope_id,
        by_payer.delay_days,
        by_payer.payments
    from by_payer
    left join accounts
        on by_payer.account_id = accounts.account_id
    union all
    select
        cash_date,
        3 as scope,
        'all' as scope_id,
        delay_days,
        payments
    from by_payer
)

select
    cash_date,
    scope,
    scope_id,
    delay_days,
    sum(payments) as payments,
    sum(sum(payments)) over (partition by cash_date, scope, scope_id) as payments_of_scope
from by_scope
group by cash_date, scope, scope_id, delay_days
