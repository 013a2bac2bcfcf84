{{ config(materialized='view', schema='work') }}

with

steps as (
    select * from {{ ref('journey_steps') }}
),

learnt_shares as (
    select * from {{ ref('learnt_channel_shares') }}
),

stated_shares as (
    select * from {{ ref('stated_path_shares') }}
),

shares as (
    select
        path_source,
        model,
        channel,
        removal_effect,
        conversions_share,
        value_share
    from learnt_shares
    union all
    select
        'paths' as path_source,
        model,
        channel,
        cast(null as decimal(18, 12)) as removal_effect,
        conversions_share,
        value_share
    from stated_shares
),

totals as (
    select
        path_source,
        cast(sum(conversions) as decimal(18, 6)) as all_conversions,
        cast(sum(value_amount) as decimal(18, 2)) as all_value
    from steps
    where step_number = 1
    group by path_source
),

channels as (
    select distinct
        steps.path_source,
        steps.channel,
        shares.model
    from steps
    inner join shares on steps.path_source = shares.path_source
),

weighed as (
    select
        channels.path_source,
        channels.channel,
        channels.model,
        coalesce(shares.removal_effect, case when channels.model = 'markov' then cast(0 as decimal(18, 12)) end) as removal_effect,
        coalesce(shares.conversions_share, 0) as conversions_share,
        coalesce(shares.value_share, 0) as value_share,
        totals.all_conversions,
        totals.all_value
    from channels
    inner join totals on channels.path_source = totals.path_source
    left join shares
        on channels.path_source = shares.path_source
        and channels.channel = shares.channel
        and channels.model = shares.model
),

counted as (
    {{ allocate('weighed', 'all_conversions', 'conversions_share', 'path_source, model', 'channel', 'conversions', places=6) }}
)

{{ allocate('counted', 'all_value', 'value_share', 'path_source, model', 'channel', 'value_amount') }}
