with

credits as (
    select * from {{ ref('receivable_credits') }}
),

applications as (
    select * from {{ ref('applications') }}
),

applied_at_once as (
    select
        source_kind,
        source_id,
        {{ money_sum('source_document_amount') }} as document_amount,
        {{ money_sum('source_amount') }} as amount
    from applications
    where applied_on = source_on
    group by source_kind, source_id
)

select
    credits.source_kind || ' ' || credits.source_id as item_id,
    credits.source_kind,
    credits.source_id,
    credits.unapplied_kind as kind,
    credits.source_on,
    credits.account_id,
    credits.currency,
    cast(credits.document_amount - coalesce(applied_at_once.document_amount, 0) as decimal(18, 2)) as document_amount,
    cast(credits.amount - coalesce(applied_at_once.amount, 0) as decimal(18, 2)) as amount,
    credits.file_id,
    credits.row_number
from credits
left join applied_at_once
    on credits.source_kind = applied_at_once.source_kind
    and credits.source_id = applied_at_once.source_id
where
    credits.source_kind <> 'write_off'
    and (
        credits.document_amount <> coalesce(applied_at_once.document_amount, 0)
        or credits.amount <> coalesce(applied_at_once.amount, 0)
    )
