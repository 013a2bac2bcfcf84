-- What customers have open on invoices, less money not applied, is the aging of the same day, account by account.
with

amounts as (
    select
        reporting_date,
        account_id,
        invoiced_amount - unapplied_amount as amount
    from {{ ref('customer_credit') }}
    union all
    select
        reporting_date,
        account_id,
        -amount as amount
    from {{ ref('receivables_aging') }}
    where basis = 'due'
)

select
    reporting_date,
    account_id,
    sum(amount) as difference
from amounts
group by reporting_date, account_id
having sum(amount) <> 0
