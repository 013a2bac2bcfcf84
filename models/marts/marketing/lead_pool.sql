with

settings as (
    select * from {{ ref('run_settings') }}
),

stays as (
    select * from {{ ref('pool_stays') }}
),

holdings as (
    select * from {{ ref('pool_holdings') }}
),

exported as (
    select * from {{ ref('pool_exported') }}
),

facts as (
    select
        entity_kind,
        business_unit,
        rule,
        {{ month_of('recycled_on') }} as month,
        1 as recycled,
        0 as claimed,
        case when is_won_after then 1 else 0 end as won_after,
        {{ days_between('recycled_on', 'claimed_again_on') }} as days_in_pool,
        0 as due_next_7_days,
        0 as over_cap,
        0 as exported_recycled
    from stays
    where outcome = 'recycled'
    union all
    select
        entity_kind,
        business_unit,
        rule,
        {{ month_of('claimed_again_on') }} as month,
        0 as recycled,
        1 as claimed,
        0 as won_after,
        null as days_in_pool,
        0 as due_next_7_days,
        0 as over_cap,
        0 as exported_recycled
    from stays
    where claimed_again_on is not null
    union all
    select
        stays.entity_kind,
        stays.business_unit,
        stays.rule,
        {{ month_of('settings.as_of_date') }} as month,
        0 as recycled,
        0 as claimed,
        0 as won_after,
        null as days_in_pool,
        1 as due_next_7_days,
        0 as over_cap,
        0 as exported_recycled
    from stays
    cross join settings
    where stays.outcome = 'protected' and stays.ends_on <= {{ add_days('settings.as_of_date', 7) }}
    union all
    select
        stays.entity_kind,
        stays.business_unit,
        stays.rule,
        {{ month_of('stays.claimed_on') }} as month,
        0 as recycled,
        0 as claimed,
        0 as won_after,
        null as days_in_pool,
        0 as due_next_7_days,
        1 as over_cap,
        0 as exported_recycled
    from stays
    inner join holdings on stays.stay_id = holdings.stay_id
    where holdings.is_over_cap
    union all
    select
        entity_kind,
        business_unit,
        rule,
        {{ month_of('recycled_on') }} as month,
        0 as recycled,
        0 as claimed,
        0 as won_after,
        null as days_in_pool,
        0 as due_next_7_days,
        0 as over_cap,
        1 as exported_recycled
    from exported
)

select
    entity_kind,
    business_unit,
    rule,
    month,
    cast(sum(recycled) as bigint) as recycled,
    cast(sum(claimed) as bigint) as claimed,
    cast(percentile_cont(0.5) within group (order by days_in_pool) as decimal(18, 1)) as median_days_in_pool,
    cast(sum(won_after) as bigint) as won_after,
    cast(sum(due_next_7_days) as bigint) as due_next_7_days,
    cast(sum(over_cap) as bigint) as over_cap,
    cast(sum(exported_recycled) as bigint) as exported_recycled
from facts
group by entity_kind, business_unit, rule, month
