with

parts as (
    select * from {{ ref('invoice_parts') }}
),

unapplied_credits as (
    select * from {{ ref('unapplied_credits') }}
)

select
    item_id,
    'invoice' as document_kind,
    invoice_id as document_id,
    invoice_id,
    instalment_id,
    account_id,
    owner_id,
    issued_on,
    due_on,
    currency,
    is_disputed,
    false as is_unapplied,
    document_amount,
    file_id,
    row_number
from parts
union all
select
    item_id,
    source_kind as document_kind,
    source_id as document_id,
    cast(null as varchar) as invoice_id,
    cast(null as varchar) as instalment_id,
    account_id,
    cast(null as varchar) as owner_id,
    source_on as issued_on,
    cast(null as date) as due_on,
    currency,
    false as is_disputed,
    true as is_unapplied,
    cast(-document_amount as decimal(18, 2)) as document_amount,
    file_id,
    row_number
from unapplied_credits
