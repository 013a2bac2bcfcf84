-- Open items add up to the aging of as_of_date, by account, bucket and currency.
with

settings as (
    select * from {{ ref('run_settings') }}
),

amounts as (
    select
        account_id,
        bucket,
        currency,
        balance_amount as amount,
        document_balance_amount as document_amount
    from {{ ref('receivables_open_items') }}
    union all
    select
        aging.account_id,
        aging.bucket,
        aging.currency,
        -aging.amount as amount,
        -aging.document_amount as document_amount
    from {{ ref('receivables_aging') }} as aging
    inner join settings
        on aging.reporting_date = settings.as_of_date
    where aging.basis = 'due'
)

select
    account_id,
    bucket,
    currency,
    sum(amount) as difference,
    sum(document_amount) as document_difference
from amounts
group by account_id, bucket, currency
having sum(amount) <> 0 or sum(document_amount) <> 0
