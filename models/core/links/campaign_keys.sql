{{ config(materialized='view', schema='work') }}

with

campaigns as (
    select
        *,
        {{ own_id('campaign_id', 'source_name') }} as own_id
    from {{ ref('all_campaigns') }}
),

keys as (
    select
        campaign_id,
        source_name,
        'same_id' as rule,
        {{ long_id('campaign_id', 'source_name') }} as link_key
    from campaigns
    union all
    select
        campaign_id,
        source_name,
        'utm_campaign' as rule,
        replace({{ plain_words('own_id') }}, '_', '') as link_key
    from campaigns
    where not {{ matches('own_id', '^[0-9]*$') }}
    union
    select
        campaign_id,
        source_name,
        'utm_campaign' as rule,
        replace({{ plain_words('name') }}, '_', '') as link_key
    from campaigns
    where source_name = 'custom'
    union all
    select
        campaign_id,
        source_name,
        'name' as rule,
        replace({{ plain_words('name') }}, '_', '') as link_key
    from campaigns
)

select
    campaign_id as record_id,
    source_name,
    rule,
    {{ link_place('rule') }} as place,
    {{ link_confidence('rule') }} as confidence,
    link_key,
    cast(null as varchar) as tax_key,
    rule <> 'name' as shares
from keys
where length(link_key) >= 2
