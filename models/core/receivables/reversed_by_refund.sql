{{ config(materialized='table', schema='work') }}

with

settlements as (
    {{ all_settled([
        'settled_by_instalment', 'settled_by_invoice', 'settled_by_order', 'settled_by_contract', 'settled_by_due_day',
    ]) }}
),

parts as (
    select * from {{ ref('invoice_parts') }}
),

claims as (
    {{ open_claims(['settled_by_instalment', 'settled_by_invoice']) }}
        and claims.invoice_id is not null
        and claims.is_negative
),

slots as (
    select
        settlements.settlement_id as slot_id,
        settlements.source_kind,
        settlements.item_id,
        parts.invoice_id,
        parts.currency,
        parts.due_on,
        settlements.applied_on as open_on,
        true as is_negative,
        settlements.document_amount as open_amount
    from settlements
    inner join parts
        on settlements.item_id = parts.item_id
    where
        settlements.document_amount > 0
        and parts.invoice_id in (select claims.invoice_id from claims)
),

{{ settle(
    scope=['invoice_id', 'source_kind'],
    slot_order='open_on desc nulls last, due_on desc nulls last, slot_id desc nulls last',
    rule="'reversal'"
) }}

select * from settled
