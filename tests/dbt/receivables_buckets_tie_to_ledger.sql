-- At every reporting date, in every currency and in the company's, the buckets of either basis add up to the ledger.
with

movements as (
    select * from {{ ref('receivable_movements') }}
),

reporting_dates as (
    select * from {{ ref('reporting_dates') }}
),

aging as (
    select * from {{ ref('receivables_aging') }}
),

daily as (
    select
        moved_on,
        currency,
        sum(document_amount) as document_amount,
        sum(amount) as amount
    from movements
    group by moved_on, currency
),

owed as (
    select
        reporting_dates.reporting_date,
        bases.basis,
        daily.currency,
        sum(daily.document_amount) as document_amount,
        sum(daily.amount) as amount
    from reporting_dates
    inner join daily
        on reporting_dates.reporting_date >= daily.moved_on
    cross join (select 'due' as basis union all select 'invoice' as basis) as bases
    group by reporting_dates.reporting_date, bases.basis, daily.currency
),

aged as (
    select
        reporting_date,
        basis,
        currency,
        sum(document_amount) as document_amount,
        sum(amount) as amount
    from aging
    group by reporting_date, basis, currency
)

select
    coalesce(owed.reporting_date, aged.reporting_date) as reporting_date,
    coalesce(owed.basis, aged.basis) as basis,
    coalesce(owed.currency, aged.currency) as currency,
    owed.amount as ledger_amount,
    aged.amount as aging_amount,
    owed.document_amount as ledger_document_amount,
    aged.document_amount as aging_document_amount
from owed
full outer join aged
    on owed.reporting_date = aged.reporting_date
    and owed.basis = aged.basis
    and owed.currency = aged.currency
where
    coalesce(owed.amount, 0) <> coalesce(aged.amount, 0)
    or coalesce(owed.document_amount, 0) <> coalesce(aged.document_amount, 0)
