with

reporting_dates as (
    select * from {{ ref('reporting_dates') }}
),

first_days as (
    select
        account_id,
        min(moved_on) as first_on
    from {{ ref('receivable_movements') }}
    group by account_id
    union all
    select
        account_id,
        min(ordered_on) as first_on
    from {{ ref('orders') }}
    group by account_id
),

customers as (
    select
        account_id,
        min(first_on) as first_on
    from first_days
    where account_id is not null
    group by account_id
),

owed as (
    select
        reporting_date,
        account_id,
        {{ money_sum('case when not is_unapplied then balance_amount end') }} as invoiced_amount,
        {{ money_sum('case when not is_unapplied and days_past_due > 0 then balance_amount end') }} as overdue_amount,
        {{ money_sum('case when not is_unapplied and balance_amount > 0 then balance_amount end') }} as open_amount,
        {{ money_sum('case when is_disputed then balance_amount end') }} as disputed_amount,
        cast(-{{ money_sum('case when is_unapplied then balance_amount end') }} as decimal(18, 2)) as unapplied_amount
    from {{ ref('open_receivables') }}
    group by reporting_date, account_id
),

ordered as (
    select * from {{ ref('order_exposures') }}
),

paid as (
    select * from {{ ref('payment_records') }}
),

promised as (
    select * from {{ ref('broken_promises') }}
)

select
    reporting_dates.reporting_date,
    customers.account_id,
    coalesce(ordered.open_order_amount, 0) as open_order_amount,
    coalesce(ordered.delivered_not_invoiced_amount, 0) as delivered_not_invoiced_amount,
    coalesce(owed.invoiced_amount, 0) as invoiced_amount,
    coalesce(owed.overdue_amount, 0) as overdue_amount,
    coalesce(owed.unapplied_amount, 0) as unapplied_amount,
    coalesce(owed.open_amount, 0) as open_amount,
    coalesce(owed.disputed_amount, 0) as disputed_amount,
    coalesce({{ ratio('owed.overdue_amount', 'owed.open_amount') }}, 0) as overdue_rate,
    coalesce(paid.settled_invoices, 0) as settled_invoices,
    coalesce(paid.settled_amount, 0) as settled_amount,
    {{ ratio('paid.amount_days', 'paid.settled_amount') }} as days_beyond_terms,
    {{ ratio('paid.on_time_amount', 'paid.settled_amount') }} as on_time_rate,
    coalesce(promised.broken_promises, 0) as broken_promises
from customers
inner join reporting_dates
    on customers.first_on <= reporting_dates.reporting_date
left join ordered
    on reporting_dates.reporting_date = ordered.reporting_date
    and customers.account_id = ordered.account_id
left join owed
    on reporting_dates.reporting_date = owed.reporting_date
    and customers.account_id = owed.account_id
left join paid
    on reporting_dates.reporting_date = paid.reporting_date
    and customers.account_id = paid.account_id
left join promised
    on reporting_dates.reporting_date = promised.reporting_date
    and customers.account_id = promised.account_id
