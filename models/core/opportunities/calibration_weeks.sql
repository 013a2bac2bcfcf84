{{ config(materialized='view', schema='work') }}

with

spans as (
    select * from {{ ref('calibration_spans') }}
),

steps as (
    select
        period_kind,
        ends_on,
        stage,
        first_week as weeks_left,
        1 as deals,
        case when is_won then 1 else 0 end as won_deals
    from spans
    union all
    select
        period_kind,
        ends_on,
        stage,
        last_week + 1 as weeks_left,
        -1 as deals,
        case when is_won then -1 else 0 end as won_deals
    from spans
),

sums as (
    select
        period_kind,
        ends_on,
        stage,
        weeks_left,
        sum(deals) as deals,
        sum(won_deals) as won_deals
    from steps
    group by period_kind, ends_on, stage, weeks_left
),

standing as (
    select
        *,
        lead(weeks_left, 1, weeks_left) over (partition by period_kind, ends_on, stage order by weeks_left) as next_weeks_left,
        sum(deals) over (partition by period_kind, ends_on, stage order by weeks_left) as standing_deals,
        sum(won_deals) over (partition by period_kind, ends_on, stage order by weeks_left) as standing_won_deals
    from sums
)

select
    standing.period_kind,
    standing.ends_on,
    standing.stage,
    weeks.number as weeks_left,
    cast(standing.standing_deals as bigint) as deals,
    cast(standing.standing_won_deals as bigint) as won_deals
from standing
inner join {{ numbers(0, 1100) }} as weeks
    on standing.weeks_left <= weeks.number
    and standing.next_weeks_left > weeks.number
where standing.standing_deals > 0
