{{ config(materialized='view', schema='work') }}

with

unapplied_credits as (
    select * from {{ ref('unapplied_credits') }}
),

applications as (
    select * from {{ ref('applications') }}
)

select
    'unapplied ' || item_id as movement_id,
    source_on as moved_on,
    kind,
    'unapplied' as rule,
    item_id,
    source_kind,
    source_id,
    account_id,
    currency,
    cast(-document_amount as decimal(18, 2)) as document_amount,
    cast(-amount as decimal(18, 2)) as amount,
    file_id,
    row_number
from unapplied_credits
union all
select
    'applied later ' || application_id as movement_id,
    applied_on as moved_on,
    unapplied_kind as kind,
    rule,
    source_kind || ' ' || source_id as item_id,
    source_kind,
    source_id,
    source_account_id as account_id,
    source_currency as currency,
    source_document_amount as document_amount,
    source_amount as amount,
    file_id,
    row_number
from applications
where
    applied_on > source_on
    and source_kind <> 'write_off'
