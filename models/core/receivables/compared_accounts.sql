{{ config(materialized='view', schema='work') }}

with

stated_accounts as (
    select * from {{ ref('stated_accounts') }}
    where has_total
),

our_accounts as (
    select
        stated_on,
        account_id,
        {{ money_sum('amount') }} as amount
    from {{ ref('balances_on_statement_days') }}
    group by stated_on, account_id
)

select
    stated_accounts.stated_on,
    stated_accounts.account_id,
    cast(null as varchar) as document_id,
    true as is_stated,
    our_accounts.account_id is not null as is_ours,
    stated_accounts.total_amount as stated_amount,
    coalesce(our_accounts.amount, 0) as our_amount,
    case when stated_accounts.documents > 0 then stated_accounts.rows_amount end as rows_amount,
    stated_accounts.file_id,
    stated_accounts.row_number
from stated_accounts
left join our_accounts
    on stated_accounts.stated_on = our_accounts.stated_on
    and stated_accounts.account_id = our_accounts.account_id
