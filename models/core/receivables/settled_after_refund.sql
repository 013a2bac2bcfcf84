{{ config(materialized='table', schema='work') }}

with

reversals as (
    select * from {{ ref('reversed_by_refund') }}
),

parts as (
    select * from {{ ref('invoice_parts') }}
),

settled_by_due_day as (
    select * from {{ ref('settled_by_due_day') }}
),

slots as (
    select
        reversals.settlement_id as slot_id,
        reversals.item_id,
        parts.invoice_id,
        parts.currency,
        parts.due_on,
        reversals.applied_on as open_on,
        false as is_negative,
        -reversals.document_amount as open_amount
    from reversals
    inner join parts
        on reversals.item_id = parts.item_id
),

claims as (
    {{ open_claims(['settled_by_instalment', 'settled_by_invoice']) }}
        and claims.invoice_id in (select slots.invoice_id from slots)
        and claims.source_kind || claims.source_id not in (
            select settled_by_due_day.source_kind || settled_by_due_day.source_id from settled_by_due_day
        )
),

{{ settle(scope=['invoice_id'], slot_order='open_on, due_on, slot_id') }}

select * from settled
