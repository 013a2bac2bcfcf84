{{ config(materialized='view', schema='work') }}

with

applications as (
    select * from {{ ref('applications') }}
)

select
    'applied ' || application_id as movement_id,
    applied_on as moved_on,
    kind,
    rule,
    item_id,
    invoice_id,
    instalment_id,
    source_kind,
    source_id,
    account_id,
    owner_id,
    currency,
    cast(-document_amount as decimal(18, 2)) as document_amount,
    cast(-source_amount as decimal(18, 2)) as amount,
    file_id,
    row_number
from applications
union all
select
    'fx ' || application_id as movement_id,
    applied_on as moved_on,
    'fx_difference' as kind,
    rule,
    item_id,
    invoice_id,
    instalment_id,
    source_kind,
    source_id,
    account_id,
    owner_id,
    currency,
    cast(0 as decimal(18, 2)) as document_amount,
    fx_amount as amount,
    file_id,
    row_number
from applications
where fx_amount <> 0
