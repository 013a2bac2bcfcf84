with

settings as (
    select * from {{ ref('run_settings') }}
),

open_receivables as (
    select * from {{ ref('open_receivables') }}
),

items as (
    select * from {{ ref('receivable_items') }}
),

accounts as (
    select * from {{ ref('accounts') }}
),

reps as (
    select * from {{ ref('reps') }}
)

select
    items.item_id,
    items.document_kind,
    items.document_id,
    items.instalment_id,
    items.account_id,
    coalesce(accounts.account_name, items.account_id) as account_name,
    open_receivables.owner_id,
    coalesce(reps.owner_name, open_receivables.owner_id) as owner_name,
    open_receivables.region,
    items.issued_on,
    items.due_on,
    open_receivables.days_past_due,
    items.currency,
    items.document_amount,
    open_receivables.document_balance_amount,
    open_receivables.balance_amount,
    open_receivables.due_bucket as bucket,
    open_receivables.is_disputed,
    items.file_id,
    items.row_number
from open_receivables
inner join settings
    on open_receivables.reporting_date = settings.as_of_date
inner join items
    on open_receivables.item_id = items.item_id
left join accounts
    on items.account_id = accounts.account_id
left join reps
    on open_receivables.owner_id = reps.owner_id
