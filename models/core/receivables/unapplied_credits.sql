with

credits as (
    select * from {{ ref('receivable_credits') }}
),

applications as (
    select * from {{ ref('applications') }}
),

applied as (
    select
        source_kind,
        source_id,
        {{ money_sum('case when applied_on = source_on then source_document_amount end') }} as document_amount,
        {{ money_sum('case when applied_on = source_on then source_amount end') }} as amount,
        max(applied_on) > max(source_on) as is_applied_later
    from applications
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
    cast(credits.document_amount - coalesce(applied.document_amount, 0) as decimal(18, 2)) as document_amount,
    cast(credits.amount - coalesce(applied.amount, 0) as decimal(18, 2)) as amount,
    credits.file_id,
    credits.row_number
from credits
left join applied
    on credits.source_kind = applied.source_kind
    and credits.source_id = applied.source_id
where
    credits.source_kind <> 'write_off'
    and (
        credits.document_amount <> coalesce(applied.document_amount, 0)
        or credits.amount <> coalesce(applied.amount, 0)
        or applied.is_applied_later
    )
