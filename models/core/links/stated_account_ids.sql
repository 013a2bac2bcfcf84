{{ config(materialized='view', schema='work') }}

with

stated as (
    select * from {{ ref('all_stated_ids') }}
    where entity = 'account'
),

accounts as (
    select
        account_id,
        source_name,
        {{ own_id('account_id', 'source_name') }} as own_id
    from {{ ref('all_accounts') }}
),

found as (
    select
        stated.record_id,
        stated.source_name,
        accounts.account_id as other_id,
        accounts.source_name as other_source,
        count(*) over (partition by stated.record_id, stated.other_source) as candidates
    from stated
    inner join accounts
        on stated.other_own_id = accounts.own_id
        and stated.source_name <> accounts.source_name
        and (stated.other_source is null or stated.other_source = accounts.source_name)
)

select
    record_id,
    source_name,
    other_id,
    other_source
from found
where candidates = 1
