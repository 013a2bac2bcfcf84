with

forecast_periods as (
    select * from {{ ref('forecast_periods') }}
),

quotas as (
    select * from {{ ref('quota_periods') }}
),

levels as (
    select * from {{ ref('rep_levels') }}
),

hierarchy as (
    select * from {{ ref('rep_hierarchy') }}
    where distance > 0
),

managers as (
    select distinct
        reporting_date,
        manager_id
    from hierarchy
),

higher_managers as (
    select hierarchy.*
    from hierarchy
    left join hierarchy as reversed
        on hierarchy.reporting_date = reversed.reporting_date
        and hierarchy.owner_id = reversed.manager_id
        and hierarchy.manager_id = reversed.owner_id
    where reversed.owner_id is null
),

holders as (
    select
        forecast_periods.reporting_date,
        forecast_periods.period,
        levels.level,
        levels.level_id,
        quotas.owner_id,
        quotas.quota_amount
    from forecast_periods
    inner join quotas
        on forecast_periods.period = quotas.period
    inner join levels
        on forecast_periods.reporting_date = levels.reporting_date
        and quotas.owner_id = levels.owner_id
),

covered_holders as (
    select distinct
        holders.reporting_date,
        holders.period,
        holders.level,
        holders.level_id,
        holders.owner_id
    from holders
    inner join higher_managers
        on holders.reporting_date = higher_managers.reporting_date
        and holders.owner_id = higher_managers.owner_id
    inner join holders as managing_holders
        on higher_managers.reporting_date = managing_holders.reporting_date
        and higher_managers.manager_id = managing_holders.owner_id
        and holders.period = managing_holders.period
        and holders.level = managing_holders.level
        and holders.level_id = managing_holders.level_id
)

select
    holders.reporting_date,
    holders.period,
    holders.level,
    holders.level_id,
    {{ money_sum('holders.quota_amount') }} as quota_amount
from holders
left join covered_holders
    on holders.reporting_date = covered_holders.reporting_date
    and holders.period = covered_holders.period
    and holders.level = covered_holders.level
    and holders.level_id = covered_holders.level_id
    and holders.owner_id = covered_holders.owner_id
left join managers
    on holders.level = 'rep'
    and holders.reporting_date = managers.reporting_date
    and holders.owner_id = managers.manager_id
where
    covered_holders.owner_id is null
    and managers.manager_id is null
group by holders.reporting_date, holders.period, holders.level, holders.level_id
