{{ config(materialized='view', schema='work') }}

with

stated_accounts as (
    select * from {{ ref('stated_accounts') }}
),

stated_documents as (
    select
        stated_on,
        account_id,
        document_id,
        case when min(currency) = max(currency) then min(currency) end as currency,
        {{ money_sum('document_amount') }} as document_amount,
        {{ money_sum('amount') }} as amount,
        max(exchange_rate) as exchange_rate,
        min(file_id) as file_id,
        min(row_number) as row_number
    from {{ ref('stated_balances') }}
    where document_id is not null
    group by stated_on, account_id, document_id
),

our_documents as (
    select balances.*
    from {{ ref('balances_on_statement_days') }} as balances
    left join stated_accounts
        on balances.stated_on = stated_accounts.stated_on
        and balances.account_id = stated_accounts.account_id
    where coalesce(stated_accounts.documents, 1) > 0
)

select
    coalesce(stated_documents.stated_on, our_documents.stated_on) as stated_on,
    coalesce(stated_documents.account_id, our_documents.account_id) as account_id,
    coalesce(stated_documents.document_id, our_documents.document_id) as document_id,
    stated_documents.document_id is not null as is_stated,
    our_documents.document_id is not null as is_ours,
    case
        when stated_documents.currency = our_documents.currency
            then cast(
                    our_documents.amount
                    + {{ money_times('(stated_documents.document_amount - our_documents.document_amount)', 'stated_documents.exchange_rate') }}
                    as decimal(18, 2)
                )
        else coalesce(stated_documents.amount, 0)
    end as stated_amount,
    coalesce(our_documents.amount, 0) as our_amount,
    stated_documents.file_id,
    stated_documents.row_number
from stated_documents
full outer join our_documents
    on stated_documents.stated_on = our_documents.stated_on
    and stated_documents.account_id = our_documents.account_id
    and stated_documents.document_id = our_documents.document_id
