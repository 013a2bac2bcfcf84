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

holders as (
    select
        forecast_periods.reporting_date,
        forecast_periods.period,
        quotas.owner_id,
        quotas.quota_amount
    from forecast_periods
    inner join quotas
        on forecast_periods.period = quotas.period
),

managing_holders as (
    select holders.*
    from holders
    inner join managers
        on holders.reporting_date = managers.reporting_date
        and holders.owner_id = managers.manager_id
),

covered_holders as (
    select distinct
        managing_holders.reporting_date,
        managing_holders.period,
        hierarchy.owner_id,
        levels.level,
        levels.level_id
    from managing_holders
    inner join hierarchy
        on managing_holders.reporting_date = hierarchy.reporting_date
        and managing_holders.owner_id = hierarchy.manager_id
    inner join levels
        on managing_holders.reporting_date = levels.reporting_date
        and managing_holders.owner_id = levels.owner_id
    left join hierarchy as reversed
        on hierarchy.reporting_date = reversed.reporting_date
        and hierarchy.owner_id = reversed.manager_id
        and hierarchy.manager_id = reversed.owner_id
    where reversed.owner_id is null
)

select
    holders.reporting_date,
    holders.period,
    levels.level,
    levels.level_id,
    {{ money_sum('holders.quota_amount') }} as quota_amount
from holders
inner join levels
    on holders.reporting_date = levels.reporting_date
    and holders.owner_id = levels.owner_id
left join covered_holders
    on holders.reporting_date = covered_holders.reporting_date
    and holders.period = covered_holders.period
    and holders.owner_id = covered_holders.owner_id
    and levels.level = covered_holders.level
    and levels.level_id = covered_holders.level_id
left join managers
    on levels.level = 'rep'
    and holders.reporting_date = managers.reporting_date
    and holders.owner_id = managers.manager_id
where
    covered_holders.owner_id is null
    and managers.manager_id is null
group by holders.reporting_date, holders.period, levels.level, levels.level_id
