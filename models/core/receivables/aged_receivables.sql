{{ config(materialized='view', schema='work') }}

with

spans as (
    select * from {{ ref('receivable_spans') }}
),

reporting_dates as (
    select * from {{ ref('reporting_dates') }}
),

disputed_invoices as (
    select * from {{ ref('disputed_invoices') }}
),

buckets as (
    select * from {{ ref('aging_buckets') }}
),

dated as (
    select
        reporting_dates.reporting_date,
        spans.*,
        {{ days_between('spans.due_on', 'reporting_dates.reporting_date') }} as days_past_due,
        {{ days_between('spans.issued_on', 'reporting_dates.reporting_date') }} as days_since_issue
    from spans
    inner join reporting_dates
        on spans.from_on <= reporting_dates.reporting_date
        and spans.until_on > reporting_dates.reporting_date
)

select
    dated.reporting_date,
    dated.item_id,
    dated.invoice_id,
    dated.account_id,
    dated.owner_id,
    dated.currency,
    dated.product_line,
    dated.is_unapplied,
    dated.is_disputed or disputed_invoices.invoice_id is not null as is_disputed,
    dated.days_past_due,
    dated.days_since_issue,
    case when dated.is_unapplied then 'unapplied' else due_buckets.bucket end as due_bucket,
    case when dated.is_unapplied then 'unapplied' else invoice_buckets.bucket end as invoice_bucket,
    dated.document_balance_amount,
    dated.balance_amount
from dated
left join disputed_invoices
    on dated.reporting_date = disputed_invoices.reporting_date
    and dated.invoice_id = disputed_invoices.invoice_id
left join buckets as due_buckets
    on due_buckets.basis = 'due'
    and dated.days_past_due >= coalesce(due_buckets.from_day, dated.days_past_due)
    and dated.days_past_due <= coalesce(due_buckets.to_day, dated.days_past_due)
left join buckets as invoice_buckets
    on invoice_buckets.basis = 'invoice'
    and dated.days_since_issue >= coalesce(invoice_buckets.from_day, dated.days_since_issue)
    and dated.days_since_issue <= coalesce(invoice_buckets.to_day, dated.days_since_issue)
