{{ config(materialized='view', schema='work') }}

with

stated_balances as (
    select * from {{ ref('stated_balances') }}
)

select
    stated_on,
    account_id,
    count(document_id) as documents,
    count(*) > count(document_id) as has_total,
    {{ money_sum('case when document_id is not null then amount end') }} as rows_amount,
    {{ money_sum('case when document_id is null then amount end') }} as total_amount,
    min(case when document_id is null then file_id end) as file_id,
    min(case when document_id is null then row_number end) as row_number
from stated_balances
group by stated_on, account_id
