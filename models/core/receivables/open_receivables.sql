select
    reporting_date,
    item_id,
    invoice_id,
    account_id,
    owner_id,
    region,
    currency,
    product_line,
    is_unapplied,
    is_disputed,
    days_past_due,
    days_since_issue,
    due_bucket,
    invoice_bucket,
    document_balance_amount,
    balance_amount
from {{ ref('owned_receivables') }}
