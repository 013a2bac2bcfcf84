{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

applications as (
    select * from {{ ref('applications') }}
    where instalment_id is not null
),

receipts as (
    select * from {{ ref('contract_instalment_receipts') }}
),

settlements as (
    select
        instalment_id,
        applied_on as settled_on,
        source_kind,
        document_amount
    from applications
    union all
    select
        instalment_id,
        settled_on,
        'payment' as source_kind,
        document_amount
    from receipts
)

select settlements.*
from settlements
inner join settings
    on settlements.settled_on <= settings.as_of_date
