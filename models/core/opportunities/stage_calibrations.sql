{%- set prior = var('calibration_prior_deals') | string -%}

with

weeks as (
    select * from {{ ref('calibration_weeks') }}
),

periods as (
    select * from {{ ref('fiscal_periods') }}
),

settings as (
    select * from {{ ref('run_settings') }}
),

ended_periods as (
    select
        periods.period_kind,
        periods.ends_on,
        lead(periods.ends_on, 1, cast('9999-12-31' as date)) over (partition by periods.period_kind order by periods.ends_on) as next_ends_on
    from periods
    inner join settings
        on periods.ends_on <= settings.as_of_date
),

counts as (
    select
        ended_periods.period_kind,
        ended_periods.ends_on as valid_from_on,
        ended_periods.next_ends_on as valid_until_on,
        weeks.stage,
        weeks.weeks_left,
        cast(sum(weeks.deals) as bigint) as deals,
        cast(sum(weeks.won_deals) as bigint) as won_deals
    from ended_periods
    inner join weeks
        on ended_periods.period_kind = weeks.period_kind
        and ended_periods.ends_on >= weeks.ends_on
    group by ended_periods.period_kind, ended_periods.ends_on, ended_periods.next_ends_on, weeks.stage, weeks.weeks_left
),

pooled as (
    select
        *,
        sum(deals) over (partition by period_kind, valid_from_on, stage) as all_deals,
        sum(won_deals) over (partition by period_kind, valid_from_on, stage) as all_won_deals
    from counts
)

select
    period_kind,
    valid_from_on,
    valid_until_on,
    stage,
    weeks_left,
    deals,
    won_deals,
    {{ ratio('won_deals + ' ~ prior ~ ' * (cast(all_won_deals as double) / all_deals)', 'deals + ' ~ prior) }} as probability
from pooled
union all
select
    period_kind,
    valid_from_on,
    valid_until_on,
    stage,
    -1 as weeks_left,
    cast(max(all_deals) as bigint) as deals,
    cast(max(all_won_deals) as bigint) as won_deals,
    {{ ratio('max(all_won_deals)', 'max(all_deals)') }} as probability
from pooled
group by period_kind, valid_from_on, valid_until_on, stage
