{{ config(materialized='view', schema='work') }}

with

documents as (
    select * from {{ ref('document_days') }}
),

settings as (
    select * from {{ ref('run_settings') }}
)

select distinct
    'day_more_than_ten_years_ahead' as finding,
    documents.entity_kind,
    documents.document_id || ' ' || documents.day as value
from documents
inner join settings
    on documents.day > {{ add_months('settings.as_of_date', 120) }}
union all
select
    'due_before_issued' as finding,
    'invoices' as entity_kind,
    invoice_id as value
from {{ ref('invoices') }}
where due_on < issued_on
union all
select
    'promise_due_before_it_was_made' as finding,
    'promises' as entity_kind,
    promise_id as value
from {{ ref('all_promises') }}
where due_on < cast(promised_at as date)
