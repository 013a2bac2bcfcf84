with

settings as (
    select * from {{ ref('run_settings') }}
),

spend_rows as (
    select * from {{ ref('spend_rows') }}
),

campaign_cost_days as (
    select * from {{ ref('campaign_cost_days') }}
),

exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

costs as (
    select
        spend_key,
        'spend' as origin,
        spend_id,
        platform,
        spent_on,
        campaign_id,
        channel,
        ad_account,
        kind,
        currency,
        document_cost,
        impressions,
        clicks,
        conversions,
        document_conversion_value_amount,
        file_id,
        row_number
    from spend_rows
    union all
    select
        'campaign:' || campaign_id || ':' || cast(spent_on as varchar) as spend_key,
        'campaign' as origin,
        null as spend_id,
        null as platform,
        spent_on,
        campaign_id,
        channel,
        null as ad_account,
        'actual_cost' as kind,
        currency,
        document_cost,
        null as impressions,
        null as clicks,
        null as conversions,
        null as document_conversion_value_amount,
        file_id,
        row_number
    from campaign_cost_days
)

select
    costs.spend_key,
    costs.origin,
    costs.spend_id,
    costs.platform,
    costs.spent_on,
    coalesce(costs.campaign_id, 'unassigned') as campaign_id,
    coalesce(costs.channel, 'unassigned') as channel,
    costs.ad_account,
    costs.kind,
    coalesce(costs.currency, settings.company_currency) as currency,
    cast(costs.document_cost as decimal(18, 6)) as document_cost,
    exchange_rates.rate as exchange_rate,
    {{ cost_times('costs.document_cost', 'exchange_rates.rate') }} as cost,
    costs.impressions,
    costs.clicks,
    cast(costs.conversions as decimal(18, 6)) as conversions,
    {{ money_times('costs.document_conversion_value_amount', 'exchange_rates.rate') }} as conversion_value_amount,
    costs.file_id,
    costs.row_number
from costs
cross join settings
left join exchange_rates
    on coalesce(costs.currency, settings.company_currency) = exchange_rates.currency
    and costs.spent_on >= exchange_rates.valid_from_on
    and costs.spent_on < exchange_rates.valid_until_on
