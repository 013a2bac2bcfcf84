{{ config(materialized='view', schema='work') }}

with

gains as (
    select * from {{ ref('commission_gains') }}
),

versions as (
    select * from {{ ref('commission_plan_versions') }}
),

tiers as (
    select
        plan_id,
        coalesce(version, 1) as plan_version,
        coalesce(from_amount, 0) as from_amount,
        coalesce(from_attainment, 0) as from_attainment,
        rate
    from {{ ref('all_commission_tiers') }}
),

quotas as (
    select * from {{ ref('quota_periods') }}
    where quota_amount > 0
),

seats as (
    select distinct
        owner_id,
        period,
        plan_id,
        plan_version
    from gains
),

thresholds as (
    select
        seats.owner_id,
        seats.period,
        seats.plan_id,
        seats.plan_version,
        case
            when versions.tier_measure = 'quota' then quotas.quota_amount * tiers.from_attainment
            else cast(tiers.from_amount * versions.exchange_rate as decimal(38, 8))
        end as starts_at,
        row_number() over (
            partition by seats.owner_id, seats.period, seats.plan_id, seats.plan_version
            order by case when versions.tier_measure = 'quota' then tiers.from_attainment else tiers.from_amount end, tiers.rate
        ) as tier,
        tiers.rate
    from seats
    inner join versions
        on seats.plan_id = versions.plan_id
        and seats.plan_version = versions.plan_version
    inner join tiers
        on seats.plan_id = tiers.plan_id
        and seats.plan_version = tiers.plan_version
    left join quotas
        on seats.owner_id = quotas.owner_id
        and seats.period = quotas.period
)

select
    owner_id,
    period,
    plan_id,
    plan_version,
    cast(coalesce(starts_at, 0) as decimal(38, 8)) as starts_at,
    max(rate) as rate
from thresholds
where starts_at is not null or tier = 1
group by owner_id, period, plan_id, plan_version, coalesce(starts_at, 0)
