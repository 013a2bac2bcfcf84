with

settings as (
    select * from {{ ref('run_settings') }}
),

results as (
    select * from {{ ref('campaign_results') }}
),

paybacks as (
    select * from {{ ref('channel_paybacks') }}
),

maturities as (
    select * from {{ ref('channel_maturities') }}
),

claims as (
    select * from {{ ref('conversion_claims') }}
),

claimed as (
    {{ claimed_conversions('channel, month') }}
),

channels as (
    select
        channel,
        month,
        basis,
        model,
        {{ roi_sums() }}
    from results
    group by channel, month, basis, model
)

select
    settings.as_of_date,
    channels.channel,
    channels.month,
    channels.basis,
    channels.model,
    {{ roi_columns('channels', but=['gross_margin_amount']) }},
    {{ roi_ratios('channels') }},
    paybacks.payback_on,
    coalesce({{ days_between('last_day(channels.month)', 'settings.as_of_date') }} >= maturities.days_to_won_p90, false) as is_mature,
    cast(claimed.claimed_conversions as decimal(18, 6)) as claimed_conversions
from channels
cross join settings
left join paybacks
    on channels.basis = paybacks.basis
    and channels.month = paybacks.month
    and channels.channel = paybacks.channel
    and channels.model = paybacks.model
left join maturities on channels.channel = maturities.channel
left join claimed
    on channels.channel = claimed.channel
    and channels.month = claimed.month
