with

compared as (
    select
        stated_on,
        account_id,
        document_id,
        'document' as level,
        is_stated,
        is_ours,
        stated_amount,
        our_amount,
        cast(null as decimal(18, 2)) as rows_amount,
        file_id,
        row_number
    from {{ ref('compared_documents') }}
    union all
    select
        stated_on,
        account_id,
        document_id,
        case when rows_amount is null then 'account' else 'total' end as level,
        is_stated,
        is_ours,
        stated_amount,
        our_amount,
        rows_amount,
        file_id,
        row_number
    from {{ ref('compared_accounts') }}
),

accounts as (
    select * from {{ ref('accounts') }}
)

select
    compared.stated_on,
    compared.account_id,
    coalesce(accounts.account_name, compared.account_id) as account_name,
    compared.document_id,
    compared.level,
    case
        when not compared.is_ours and compared.stated_amount <> 0 then 'not_in_ledger'
        when not compared.is_stated then 'not_in_statement'
        when compared.stated_amount <> compared.our_amount then 'amount_differs'
        else 'equal'
    end as finding,
    compared.stated_amount,
    compared.our_amount,
    cast(compared.stated_amount - compared.our_amount as decimal(18, 2)) as difference,
    compared.rows_amount,
    compared.file_id,
    compared.row_number
from compared
left join accounts
    on compared.account_id = accounts.account_id
