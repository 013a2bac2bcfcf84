{{ config(materialized='table', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

reporting_dates as (
    select * from {{ ref('reporting_dates') }}
),

open_receivables as (
    select * from {{ ref('open_receivables') }}
    where not is_unapplied and balance_amount > 0
),

accounts as (
    select * from {{ ref('accounts') }}
),

cash_dates as (
    select reporting_dates.reporting_date as cash_date
    from reporting_dates
    inner join settings
        on reporting_dates.reporting_date > {{ add_days('settings.as_of_date', -365) }}
)

select
    cash_dates.cash_date,
    open_receivables.item_id,
    open_receivables.account_id,
    coalesce(accounts.size, '(none)') as segment,
    open_receivables.days_past_due,
    open_receivables.balance_amount
from cash_dates
inner join open_receivables
    on cash_dates.cash_date = open_receivables.reporting_date
left join accounts
    on open_receivables.account_id = accounts.account_id
