{{ config(materialized='view', schema='work') }}

with

accounts as (
    select * from {{ ref('accounts') }}
),

documents as (
    select * from {{ ref('document_days') }}
),

of_unknown_accounts as (
    select
        documents.entity_kind,
        documents.account_id,
        count(distinct documents.document_id) as records
    from documents
    left join accounts
        on documents.account_id = accounts.account_id
    where accounts.account_id is null and documents.account_id is not null
    group by documents.entity_kind, documents.account_id
),

alike as (
    select
        {{ source_of('account_id') }} || ':' || {{ without_leading_zeros('account_id') }} as short_id,
        min(account_id) as account_id
    from accounts
    group by {{ source_of('account_id') }} || ':' || {{ without_leading_zeros('account_id') }}
)

select
    case when alike.account_id is null then 'document_of_an_unknown_account' else 'account_without_its_leading_zeros' end as finding,
    of_unknown_accounts.entity_kind,
    of_unknown_accounts.account_id || coalesce(' = ' || alike.account_id || '?', '') as value,
    of_unknown_accounts.records
from of_unknown_accounts
left join alike
    on of_unknown_accounts.account_id = alike.short_id
where exists (select accounts.account_id from accounts)
