{{ config(materialized='view', schema='work') }}

with

users as (
    select * from {{ ref('all_users') }}
),

keys as (
    select
        user_id,
        source_name,
        'same_id' as rule,
        {{ long_id('user_id', 'source_name') }} as link_key
    from users
    union all
    select
        user_id,
        source_name,
        'email' as rule,
        lower(trim(email)) as link_key
    from users
    union all
    select
        user_id,
        source_name,
        'name' as rule,
        replace({{ plain_words('name') }}, '_', '') as link_key
    from users
)

select
    user_id as record_id,
    source_name,
    rule,
    {{ link_place('rule') }} as place,
    {{ link_confidence('rule') }} as confidence,
    link_key,
    cast(null as varchar) as tax_key,
    rule <> 'name' as shares
from keys
where length(link_key) >= 2
