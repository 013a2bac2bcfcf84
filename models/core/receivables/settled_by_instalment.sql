{{ config(materialized='table', schema='work') }}

with

claims as (
    {{ open_claims([]) }}
        and claims.instalment_id is not null
),

slots as (
    {{ open_parts([]) }}
        and parts.instalment_id is not null
),

{{ settle(scope=['invoice_id', 'instalment_id'], slot_order='slot_id') }}

select * from settled
