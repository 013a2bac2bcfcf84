{{ config(materialized='view', schema='work') }}

with

accounts as (
    select
        *,
        upper({{ plain_words('tax_id') }}) as tax_key
    from {{ ref('all_accounts') }}
),

names as (
    select * from {{ ref('account_names') }}
),

stated as (
    select * from {{ ref('stated_account_ids') }}
),

keys as (
    select
        record_id as account_id,
        source_name,
        cast(null as varchar) as tax_key,
        'stated_id' as rule,
        other_id as link_key
    from stated
    union all
    select distinct
        other_id as account_id,
        other_source as source_name,
        cast(null as varchar) as tax_key,
        'stated_id' as rule,
        other_id as link_key
    from stated
    union all
    select
        account_id,
        source_name,
        tax_key,
        'same_id' as rule,
        {{ long_id('account_id', 'source_name') }} as link_key
    from accounts
    union all
    select
        account_id,
        source_name,
        tax_key,
        'tax_id' as rule,
        tax_key as link_key
    from accounts
    union all
    select
        names.account_id,
        names.source_name,
        accounts.tax_key,
        'name' as rule,
        names.plain_name as link_key
    from names
    inner join accounts
        on names.account_id = accounts.account_id
)

select
    account_id as record_id,
    source_name,
    rule,
    {{ link_place('rule') }} as place,
    {{ link_confidence('rule') }} as confidence,
    link_key,
    tax_key,
    rule <> 'name' as shares
from keys
where length(link_key) >= 2
