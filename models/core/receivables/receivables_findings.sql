{{ config(materialized='view', schema='work') }}

select * from {{ ref('unknown_accounts') }}
union all
select
    finding,
    entity_kind,
    value,
    1 as records
from {{ ref('odd_days') }}
union all
select
    finding,
    entity_kind,
    value,
    1 as records
from {{ ref('odd_money') }}
union all
select * from {{ ref('unknown_documents') }}
union all
select
    finding,
    'collection_plans' as entity_kind,
    value,
    1 as records
from {{ ref('plan_findings') }}
union all
select
    'statement_total_is_not_the_sum_of_its_rows' as finding,
    'aging_statements' as entity_kind,
    account_id || ' ' || stated_on || ': ' || stated_amount || ' stated, rows sum to ' || rows_amount as value,
    1 as records
from {{ ref('compared_accounts') }}
where stated_amount <> rows_amount
