with

known_thresholds as (
    select * from {{ ref('commission_thresholds') }}
),

all_thresholds as (
    select * from known_thresholds
    union all
    select
        owner_id,
        period,
        plan_id,
        plan_version,
        cast(0 as decimal(38, 8)) as starts_at,
        cast(0 as decimal(18, 6)) as rate
    from known_thresholds
    group by owner_id, period, plan_id, plan_version
    having min(starts_at) > 0
),

bands as (
    select
        *,
        lag(starts_at) over by_start as starts_before,
        lead(starts_at, 1, cast(999999999999999 as decimal(38, 8))) over by_start as ends_at,
        lag(rate, 1, cast(0 as decimal(18, 6))) over by_start as rate_before
    from all_thresholds
    window by_start as (partition by owner_id, period, plan_id, plan_version order by starts_at)
)

select
    owner_id,
    period,
    plan_id,
    plan_version,
    starts_at,
    case
        when starts_before is null and starts_at <= 0 then cast(-999999999999999 as decimal(38, 8))
        else starts_at
    end as from_amount,
    ends_at as until_amount,
    rate,
    cast(coalesce(sum(rate_before * (starts_at - starts_before)) over (
        partition by owner_id, period, plan_id, plan_version
        order by starts_at
        rows between unbounded preceding and current row
    ), 0) as decimal(38, 14)) as earned_below
from bands
