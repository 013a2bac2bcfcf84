with

parts as (
    select * from {{ ref('invoice_parts') }}
),

application_movements as (
    select * from {{ ref('application_movements') }}
),

unapplied_movements as (
    select * from {{ ref('unapplied_movements') }}
),

invoiced as (
    select
        'invoiced ' || item_id as movement_id,
        issued_on as moved_on,
        'invoice' as kind,
        'issued' as rule,
        item_id,
        invoice_id,
        instalment_id,
        cast(null as varchar) as source_kind,
        cast(null as varchar) as source_id,
        account_id,
        owner_id,
        currency,
        document_amount,
        amount,
        file_id,
        row_number
    from parts
),

unapplied as (
    select
        movement_id,
        moved_on,
        kind,
        rule,
        item_id,
        cast(null as varchar) as invoice_id,
        cast(null as varchar) as instalment_id,
        source_kind,
        source_id,
        account_id,
        cast(null as varchar) as owner_id,
        currency,
        document_amount,
        amount,
        file_id,
        row_number
    from unapplied_movements
)

select * from invoiced
union all
select * from application_movements
union all
select * from unapplied
