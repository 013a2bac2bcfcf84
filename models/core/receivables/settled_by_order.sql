{{ config(materialized='table', schema='work') }}

{%- set earlier = ['settled_by_instalment', 'settled_by_invoice'] %}

with

claims as (
    {{ open_claims(earlier) }}
        and claims.order_id is not null
),

slots as (
    {{ open_parts(earlier) }}
        and parts.order_id in (select claims.order_id from claims)
),

{{ settle(scope=['order_id'], slot_order='due_on, issued_on, invoice_id, slot_id', rule="'order'") }}

select * from settled
