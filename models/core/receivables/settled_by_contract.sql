{{ config(materialized='table', schema='work') }}

{%- set earlier = ['settled_by_instalment', 'settled_by_invoice', 'settled_by_order'] %}

with

claims as (
    {{ open_claims(earlier) }}
        and claims.contract_id is not null
),

slots as (
    {{ open_parts(earlier) }}
        and parts.contract_id in (select claims.contract_id from claims)
),

{{ settle(scope=['contract_id'], slot_order='due_on, issued_on, invoice_id, slot_id', rule="'contract'") }}

select * from settled
