{{ config(materialized='view', schema='work') }}

with

spend as (
    select * from {{ ref('all_spend') }}
)

select
    'spend:' || file_id || ':' || cast(row_number as varchar)
    || case when is_spread then ':' || cast(spent_on as varchar) else '' end as spend_key,
    spend_id,
    source_name as platform,
    spent_on,
    campaign_id,
    {{ channel_of('spend.channel', "spend.source_name || ':'") }} as channel,
    ad_account,
    coalesce({{ snake_case('kind') }}, 'media') as kind,
    currency,
    cost as document_cost,
    impressions,
    clicks,
    conversions,
    conversion_value_amount as document_conversion_value_amount,
    file_id,
    row_number
from spend
