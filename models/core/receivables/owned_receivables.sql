{{ config(materialized='view', schema='work') }}

with

aged as (
    select * from {{ ref('aged_receivables') }}
),

accounts as (
    select * from {{ ref('accounts') }}
),

account_owner_spans as (
    select * from {{ ref('account_owner_spans') }}
),

rep_spans as (
    select * from {{ ref('rep_spans') }}
),

owned as (
    select
        aged.*,
        coalesce(aged.owner_id, account_owner_spans.owner_id) as owner_then_id
    from aged
    left join account_owner_spans
        on aged.account_id = account_owner_spans.account_id
        and aged.reporting_date >= account_owner_spans.valid_from_on
        and aged.reporting_date < account_owner_spans.valid_until_on
)

select
    owned.reporting_date,
    owned.item_id,
    owned.invoice_id,
    owned.account_id,
    coalesce(owned.owner_then_id, '(none)') as owner_id,
    coalesce(rep_spans.region, accounts.region, '(none)') as region,
    owned.currency,
    owned.product_line,
    owned.is_unapplied,
    owned.is_disputed,
    owned.days_past_due,
    owned.days_since_issue,
    owned.due_bucket,
    owned.invoice_bucket,
    owned.document_balance_amount,
    owned.balance_amount
from owned
left join accounts
    on owned.account_id = accounts.account_id
left join rep_spans
    on owned.owner_then_id = rep_spans.owner_id
    and owned.reporting_date >= rep_spans.valid_from_on
    and owned.reporting_date < rep_spans.valid_until_on
