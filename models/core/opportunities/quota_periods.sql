with

quotas as (
    select * from {{ ref('quotas') }}
),

periods as (
    select * from {{ ref('fiscal_periods') }}
),

stated_for_period as (
    select
        quotas.owner_id,
        periods.period,
        quotas.amount
    from quotas
    inner join periods
        on quotas.period_start_on = periods.starts_on
        and quotas.period_end_on = periods.ends_on
),

finest_quotas as (
    select * from quotas
    where not exists (
            select 1
            from quotas as parts
            where
                parts.owner_id = quotas.owner_id
                and parts.period_start_on >= quotas.period_start_on
                and parts.period_end_on <= quotas.period_end_on
                and (parts.period_start_on > quotas.period_start_on or parts.period_end_on < quotas.period_end_on)
        )
),

shared_days as (
    select
        finest_quotas.owner_id,
        periods.period,
        finest_quotas.amount,
        {{ days_between('finest_quotas.period_start_on', 'greatest(finest_quotas.period_start_on, periods.starts_on)') }} as from_day,
        {{ days_between('finest_quotas.period_start_on', 'least(finest_quotas.period_end_on, periods.ends_on)') }} + 1 as to_day,
        {{ days_between('finest_quotas.period_start_on', 'finest_quotas.period_end_on') }} + 1 as all_days
    from finest_quotas
    inner join periods
        on finest_quotas.period_start_on <= periods.ends_on
        and finest_quotas.period_end_on >= periods.starts_on
    left join stated_for_period
        on finest_quotas.owner_id = stated_for_period.owner_id
        and periods.period = stated_for_period.period
    where
        stated_for_period.period is null
        and finest_quotas.period_end_on >= finest_quotas.period_start_on
),

parts as (
    select
        owner_id,
        period,
        {{ money_share('amount', 'from_day', 'to_day', 'all_days') }} as amount
    from shared_days
    union all
    select * from stated_for_period
)

select
    owner_id,
    period,
    {{ money_sum('amount') }} as quota_amount
from parts
group by owner_id, period
