{{ config(materialized='table', schema='work') }}

with

keys as (
    select distinct
        cash_date,
        account_id,
        segment,
        days_past_due
    from {{ ref('cash_items') }}
),

delay_counts as (
    select * from {{ ref('delay_counts') }}
),

scoped as (
    select
        keys.*,
        1 as scope,
        keys.account_id as scope_id
    from keys
    union all
    select
        keys.*,
        2 as scope,
        keys.segment as scope_id
    from keys
    union all
    select
        keys.*,
        3 as scope,
        'all' as scope_id
    from keys
),

weekly as (
    select
        scoped.cash_date,
        scoped.account_id,
        scoped.days_past_due,
        scoped.scope,
        {{ idiv('delay_counts.delay_days - scoped.days_past_due - 1', '7') }} + 1 as week_number,
        cast(sum(delay_counts.payments) as bigint) as payments
    from scoped
    inner join delay_counts
        on scoped.cash_date = delay_counts.cash_date
        and scoped.scope = delay_counts.scope
        and scoped.scope_id = delay_counts.scope_id
        and scoped.days_past_due < delay_counts.delay_days
    where scoped.scope > 1 or delay_counts.payments_of_scope >= {{ var('cash_least_payments') }}
    group by 1, 2, 3, 4, 5
),

narrowest as (
    select
        *,
        min(scope) over (partition by cash_date, account_id, days_past_due) as narrowest_scope,
        sum(payments) over (partition by cash_date, account_id, days_past_due, scope) as payments_to_come
    from weekly
)

select
    cash_date,
    account_id,
    days_past_due,
    case scope when 1 then 'payer' when 2 then 'segment' else 'all' end as scope,
    week_number,
    payments,
    cast(payments_to_come as bigint) as payments_to_come
from narrowest
where scope = narrowest_scope
