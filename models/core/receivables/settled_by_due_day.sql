{{ config(materialized='table', schema='work') }}

{%- set earlier = ['settled_by_instalment', 'settled_by_invoice', 'settled_by_order', 'settled_by_contract'] %}

with

settings as (
    select * from {{ ref('run_settings') }}
),

credits as (
    select * from {{ ref('receivable_credits') }}
),

used as (
    {{ settled_by('source_kind, source_id', earlier) }}
),

claims as (
    select
        'rest of ' || credits.source_kind || ' ' || credits.source_id as claim_id,
        credits.source_kind,
        credits.source_id,
        credits.source_on,
        credits.account_id,
        credits.currency,
        false as is_negative,
        cast(credits.document_amount - coalesce(used.source_amount, 0) as decimal(18, 2)) as open_amount,
        cast(credits.document_amount - coalesce(used.source_amount, 0) as decimal(18, 2)) as open_source_amount
    from credits
    inner join settings
        on settings.auto_apply = 'oldest_due'
    left join used
        on credits.source_kind = used.source_kind
        and credits.source_id = used.source_id
    where
        credits.source_kind <> 'write_off'
        and credits.document_amount > greatest(coalesce(used.source_amount, 0), 0)
),

slots as (
    {{ open_parts(earlier) }}
        and parts.account_id in (select claims.account_id from claims)
),

{{ settle(scope=['account_id'], slot_order='due_on, issued_on, invoice_id, slot_id', rule="'oldest_due'") }}

select * from settled
