{{ config(materialized='view', schema='work') }}

with

accounts as (
    select * from {{ ref('all_accounts') }}
),

sources as (
    select count(distinct source_name) as sources from accounts
),

compared as (
    select accounts.*
    from accounts
    cross join sources
    where sources.sources > 1
),

plain_names as (
    {{ names_without_legal_forms('compared', 'name') }}
)

select
    compared.account_id,
    compared.source_name,
    replace(plain_names.words, '_', '') as plain_name
from compared
left join plain_names on compared.name = plain_names.name
