{{ config(materialized='table', schema='work') }}

with

claims as (
    {{ open_claims(['settled_by_instalment']) }}
        and claims.invoice_id is not null
),

slots as (
    {{ open_parts(['settled_by_instalment']) }}
),

{{ settle(scope=['invoice_id'], slot_order='due_on, slot_id') }}

select * from settled
