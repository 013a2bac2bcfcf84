with

results as (
    select * from {{ ref('campaign_results') }}
),

spend_daily as (
    select * from {{ ref('spend_daily') }}
),

settings as (
    select * from {{ ref('run_settings') }}
),

{# What platforms claim is never added across platforms. #}
claims as (
    select
        spend_daily.channel,
        {{ month_of('spend_daily.spent_on') }} as month,
        case when count(distinct spend_daily.platform) = 1 then sum(spend_daily.conversions) end as claimed_conversions
    from spend_daily
    cross join settings
    where spend_daily.conversions is not null and spend_daily.spent_on <= settings.as_of_date
    group by spend_daily.channel, {{ month_of('spend_daily.spent_on') }}
),

channels as (
    select
        channel,
        month,
        basis,
        model,
        {{ money_sum('cost') }} as cost,
        cast(sum(leads) as bigint) as leads,
        cast(sum(qualified_leads) as bigint) as qualified_leads,
        cast(sum(converted_leads) as bigint) as converted_leads,
        cast(sum(won_leads) as bigint) as won_leads,
        cast(sum(lost_leads) as bigint) as lost_leads,
        cast(sum(opportunities) as decimal(18, 6)) as opportunities,
        cast(sum(wins) as decimal(18, 6)) as wins,
        {{ money_sum('pipeline_amount') }} as pipeline_amount,
        {{ money_sum('booked_amount') }} as booked_amount
    from results
    group by channel, month, basis, model
)

select
    settings.as_of_date,
    channels.channel,
    channels.month,
    channels.basis,
    channels.model,
    channels.cost,
    channels.leads,
    channels.qualified_leads,
    channels.converted_leads,
    channels.won_leads,
    channels.lost_leads,
    channels.opportunities,
    channels.wins,
    channels.pipeline_amount,
    channels.booked_amount,
    {{ ratio('channels.booked_amount - channels.cost', 'channels.cost') }} as roi_booked,
    {{ ratio('channels.booked_amount', 'channels.cost') }} as roas_booked,
    {% for measure, unit in [('leads', 'lead'), ('qualified_leads', 'qualified_lead'), ('opportunities', 'opportunity'), ('wins', 'win')] -%}
    {{ money_ratio('channels.cost', '1', 'channels.' ~ measure, scale=6) }} as cost_per_{{ unit }},
    {% endfor -%}
    {% for name, successes, trials in [
        ('lead_conversion', 'channels.converted_leads', 'channels.leads'),
        ('opportunity_conversion', 'channels.won_leads', 'channels.converted_leads'),
        ('win', 'channels.won_leads', 'channels.won_leads + channels.lost_leads'),
    ] -%}
    {{ ratio(successes, trials) }} as {{ name }}_rate,
    {{ wilson_low(successes, trials) }} as {{ name }}_low,
    {{ wilson_high(successes, trials) }} as {{ name }}_high,
    {% endfor -%}
    cast(claims.claimed_conversions as decimal(18, 6)) as claimed_conversions
from channels
cross join settings
left join claims on channels.channel = claims.channel and channels.month = claims.month
