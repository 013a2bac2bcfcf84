{{ config(materialized='view', schema='work') }}

{{ all_settled([
    'settled_by_instalment',
    'settled_by_invoice',
    'settled_by_order',
    'settled_by_contract',
    'settled_by_due_day',
    'reversed_by_refund',
    'settled_after_refund',
]) }}
