{{ config(materialized='view', schema='work') }}

{%- set keys = 'grain, ' ~ lead_dimensions() -%}

with

risks as (
    select * from {{ ref('lead_risks') }}
),

horizons as (
    select * from {{ ref('conversion_horizons') }}
    where method = 'incidence'
),

{# ln S is the sum of ln(1 − events ÷ at risk); Greenwood's sum is that of events ÷ (at risk × (at risk − events)). #}
survivals as (
    select
        {%- for key in keys.split(', ') %}
        risks.{{ key }},
        {%- endfor %}
        risks.event,
        horizons.horizon_days,
        cast(sum(risks.leads) as bigint) as leads,
        cast(sum(case when risks.days <= horizons.horizon_days then risks.events else 0 end) as bigint) as events,
        max(risks.longest_observed) as longest_observed,
        max(case when risks.days <= horizons.horizon_days and risks.events = risks.at_risk then 1 else 0 end) as none_left,
        sum(case
            when risks.days <= horizons.horizon_days and risks.events < risks.at_risk
                then ln(1 - cast(risks.events as double) / risks.at_risk)
            else 0
        end) as log_survival,
        sum(case
            when risks.days <= horizons.horizon_days and risks.events < risks.at_risk
                then cast(risks.events as double) / (cast(risks.at_risk as double) * (risks.at_risk - risks.events))
            else 0
        end) as greenwood
    from risks
    cross join horizons
    group by {{ keys }}, risks.event, horizons.horizon_days
),

rates as (
    select
        *,
        case
            when longest_observed < horizon_days then null
            when none_left = 1 then 1
            else 1 - exp(log_survival)
        end as rate,
        case
            when longest_observed >= horizon_days and none_left = 0 and log_survival < 0
                then 1.959963984540054 * sqrt(greenwood) / abs(log_survival)
        end as half_width
    from survivals
)

select
    {{ keys }},
    horizon_days,
    max(leads) as leads,
    cast(max(case when event = 'converted' then events end) as bigint) as converted,
    cast(round(max(case when event = 'converted' then rate end), 6) as decimal(18, 6)) as conversion_rate,
    cast(round(max(case when event = 'converted' then 1 - exp(log_survival * exp(-half_width)) end), 6) as decimal(18, 6)) as conversion_low,
    cast(round(max(case when event = 'converted' then 1 - exp(log_survival * exp(half_width)) end), 6) as decimal(18, 6)) as conversion_high,
    cast(max(case when event = 'won' then events end) as bigint) as won,
    cast(round(max(case when event = 'won' then rate end), 6) as decimal(18, 6)) as win_rate,
    cast(round(max(case when event = 'won' then 1 - exp(log_survival * exp(-half_width)) end), 6) as decimal(18, 6)) as win_low,
    cast(round(max(case when event = 'won' then 1 - exp(log_survival * exp(half_width)) end), 6) as decimal(18, 6)) as win_high
from rates
group by {{ keys }}, horizon_days
