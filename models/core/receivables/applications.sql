with

settlements as (
    select * from {{ ref('settlements') }}
),

credits as (
    select * from {{ ref('receivable_credits') }}
),

parts as (
    select * from {{ ref('invoice_parts') }}
),

laid_out as (
    select
        *,
        sum(document_amount) over (
            partition by item_id
            order by applied_on, settlement_id
            rows between unbounded preceding and current row
        ) as item_to_here,
        sum(source_amount) over (
            partition by source_kind, source_id
            order by applied_on, settlement_id
            rows between unbounded preceding and current row
        ) as source_to_here
    from settlements
),

valued as (
    select
        laid_out.*,
        {{ money_share('parts.amount', 'laid_out.item_to_here - laid_out.document_amount', 'laid_out.item_to_here', 'parts.document_amount') }} as amount,
        {{ money_share('credits.amount', 'laid_out.source_to_here - laid_out.source_amount', 'laid_out.source_to_here', 'credits.document_amount') }} as value_at_source,
        parts.invoice_id,
        parts.instalment_id,
        parts.account_id,
        parts.owner_id,
        parts.currency,
        credits.source_on,
        credits.account_id as source_account_id,
        credits.currency as source_currency,
        credits.kind,
        credits.unapplied_kind,
        credits.file_id,
        credits.row_number
    from laid_out
    inner join parts
        on laid_out.item_id = parts.item_id
    inner join credits
        on laid_out.source_kind = credits.source_kind
        and laid_out.source_id = credits.source_id
)

select
    settlement_id as application_id,
    applied_on,
    kind,
    unapplied_kind,
    rule,
    source_kind,
    source_id,
    case when source_kind = 'payment' then source_id end as payment_id,
    case when source_kind = 'credit_note' then source_id end as credit_note_id,
    case when source_kind = 'write_off' then source_id end as write_off_id,
    source_on,
    item_id,
    invoice_id,
    instalment_id,
    account_id,
    owner_id,
    source_account_id,
    currency,
    document_amount,
    amount,
    source_currency,
    source_amount as source_document_amount,
    case when source_kind = 'write_off' then amount else value_at_source end as source_amount,
    case when source_kind = 'write_off' then cast(0 as decimal(18, 2)) else cast(value_at_source - amount as decimal(18, 2)) end as fx_amount,
    file_id,
    row_number
from valued
