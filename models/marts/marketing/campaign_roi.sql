with

settings as (
    select * from {{ ref('run_settings') }}
),

results as (
    select * from {{ ref('campaign_results') }}
),

plans as (
    select * from {{ ref('campaign_plans') }}
),

models as (
    select * from {{ ref('attribution_models') }}
),

paybacks as (
    select * from {{ ref('campaign_paybacks') }}
),

maturities as (
    select * from {{ ref('channel_maturities') }}
),

claims as (
    select * from {{ ref('conversion_claims') }}
),

claimed as (
    {{ claimed_conversions('campaign_id, channel') }}
),

{# A campaign without cost or result is a row too, of its own channel. #}
rows_to_sum as (
    select * from results
    where basis = 'period'
    union all
    select
        'period' as basis,
        cast(null as date) as month,
        plans.campaign_id,
        plans.channel,
        models.model,
        {{ roi_zeros() }}
    from plans
    cross join models
),

campaigns as (
    select
        campaign_id,
        channel,
        model,
        max(month) as last_month,
        {{ roi_sums() }}
    from rows_to_sum
    group by campaign_id, channel, model
)

select
    campaigns.campaign_id,
    coalesce(plans.campaign_name, campaigns.campaign_id) as campaign_name,
    campaigns.channel,
    campaigns.model,
    {{ roi_columns('campaigns', but=['gross_margin_amount']) }},
    {{ roi_ratios('campaigns') }},
    case when campaigns.channel = plans.channel then plans.budget end as budget,
    case when campaigns.channel = plans.channel then plans.committed_amount end as committed_amount,
    case when campaigns.channel = plans.channel then plans.expected_revenue_amount end as expected_revenue_amount,
    paybacks.payback_on,
    coalesce({{ days_between('last_day(campaigns.last_month)', 'settings.as_of_date') }} >= maturities.days_to_won_p90, false) as is_mature,
    cast(claimed.claimed_conversions as decimal(18, 6)) as claimed_conversions
from campaigns
cross join settings
left join plans on campaigns.campaign_id = plans.campaign_id
left join paybacks
    on campaigns.campaign_id = paybacks.campaign_id
    and campaigns.channel = paybacks.channel
    and campaigns.model = paybacks.model
left join maturities on campaigns.channel = maturities.channel
left join claimed
    on campaigns.campaign_id = claimed.campaign_id
    and campaigns.channel = claimed.channel
