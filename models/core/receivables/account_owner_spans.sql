{{ config(materialized='view', schema='work') }}

with

accounts as (
    select * from {{ ref('accounts') }}
),

changes as (
    select
        account_id,
        changed_at,
        {{ source_of('account_id') }} || ':' || old_value as old_owner_id,
        {{ source_of('account_id') }} || ':' || new_value as owner_id
    from {{ ref('all_account_history') }}
    where lower(field) = 'owner_id'
),

first_changes as (
    select * from changes
    qualify row_number() over (partition by account_id order by changed_at) = 1
),

starts as (
    select
        accounts.account_id,
        cast('0001-01-01' as date) as valid_from_on,
        case when first_changes.account_id is null then accounts.owner_id else first_changes.old_owner_id end as owner_id
    from accounts
    left join first_changes
        on accounts.account_id = first_changes.account_id
    union all
    select
        account_id,
        cast(changed_at as date) as valid_from_on,
        owner_id
    from changes
    qualify row_number() over (partition by account_id, cast(changed_at as date) order by changed_at desc nulls last) = 1
)

select
    account_id,
    valid_from_on,
    lead(valid_from_on, 1, cast('9999-12-31' as date)) over (partition by account_id order by valid_from_on) as valid_until_on,
    owner_id
from starts
