{{ config(materialized='view', schema='work') }}

with

accounts as (
    select * from {{ ref('all_accounts') }}
),

legal_forms as (
    select
        {{ plain_words('form') }} as form,
        language
    from {{ ref('legal_forms') }}
),

sources as (
    select count(distinct source_name) as sources from accounts
),

words as (
    select
        accounts.account_id,
        accounts.source_name,
        {{ plain_words('accounts.name') }} as words
    from accounts
    cross join sources
    where sources.sources > 1
),

suffixes as (
    select
        words.account_id,
        max(length(legal_forms.form) + case when legal_forms.language = 'zh' then 0 else 1 end) as letters
    from words
    inner join legal_forms
        on right(words.words, length(legal_forms.form) + case when legal_forms.language = 'zh' then 0 else 1 end)
        = case when legal_forms.language = 'zh' then '' else '_' end || legal_forms.form
    group by words.account_id
)

select
    words.account_id,
    words.source_name,
    replace(left(words.words, length(words.words) - coalesce(suffixes.letters, 0)), '_', '') as plain_name
from words
left join suffixes
    on words.account_id = suffixes.account_id
