with

positions as (
    select * from {{ ref('receivable_positions') }}
),

countback_days as (
    select * from {{ ref('countback_days') }}
),

open_receivables as (
    select * from {{ ref('open_receivables') }}
),

open_totals as (
    select
        reporting_date,
        {{ money_sum("case when is_unapplied then balance_amount end") }} as unapplied_amount,
        {{ money_sum("case when not is_unapplied and days_past_due > 0 then balance_amount end") }} as overdue_amount,
        {{ money_sum("case when not is_unapplied and days_past_due <= 0 then balance_amount end") }} as not_due_amount,
        {{ money_sum("case when not is_unapplied and balance_amount > 0 then balance_amount end") }} as open_amount,
        {{ money_sum("case when is_disputed then balance_amount end") }} as disputed_amount
    from open_receivables
    group by reporting_date
),

measured as (
    select
        positions.reporting_date,
        positions.balance_amount,
        coalesce(open_totals.unapplied_amount, 0) as unapplied_amount,
        coalesce(open_totals.open_amount, 0) as open_amount,
        coalesce(open_totals.not_due_amount, 0) as not_due_amount,
        coalesce(open_totals.overdue_amount, 0) as overdue_amount,
        coalesce(open_totals.disputed_amount, 0) as disputed_amount,
        positions.credit_sales_90_days_amount as credit_sales_amount,
        positions.balance_90_days_before_amount as opening_amount,
        positions.balance_90_days_before_amount + positions.credit_sales_90_days_amount as collectable_amount,
        positions.credit_sales_365_days_amount as year_sales_amount,
        positions.balance_amount + positions.balance_365_days_before_amount as year_balances_amount,
        positions.has_a_year,
        case when positions.balance_amount <= 0 then cast(0 as decimal(18, 6)) else countback_days.dso_countback end as dso_countback
    from positions
    left join open_totals
        on positions.reporting_date = open_totals.reporting_date
    left join countback_days
        on positions.reporting_date = countback_days.reporting_date
)

select
    reporting_date,
    balance_amount,
    unapplied_amount,
    open_amount,
    not_due_amount,
    overdue_amount,
    {{ ratio('overdue_amount', 'open_amount') }} as overdue_rate,
    disputed_amount,
    opening_amount,
    credit_sales_amount,
    {{ ratio('90 * balance_amount', 'credit_sales_amount') }} as dso,
    dso_countback,
    {{ ratio('90 * not_due_amount', 'credit_sales_amount') }} as dso_best_possible,
    cast(
        {{ ratio('90 * balance_amount', 'credit_sales_amount') }} - {{ ratio('90 * not_due_amount', 'credit_sales_amount') }}
        as decimal(18, 6)
    ) as average_days_delinquent,
    {{ ratio('collectable_amount - balance_amount', 'collectable_amount - not_due_amount') }} as cei,
    year_sales_amount,
    {{ ratio('case when has_a_year then 2 * year_sales_amount end', 'year_balances_amount') }} as turnover
from measured
