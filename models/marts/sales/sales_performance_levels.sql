with

settings as (
    select * from {{ ref('run_settings') }}
),

closures as (
    select * from {{ ref('opportunity_closures') }}
),

levels as (
    select * from {{ ref('rep_levels') }}
),

names as (
    select * from {{ ref('level_names') }}
),

quotas as (
    select * from {{ ref('quota_levels') }}
),

dated_closures as (
    select
        closures.*,
        least(last_day(closures.month), settings.as_of_date) as stood_on
    from closures
    cross join settings
),

placed_closures as (
    select
        dated_closures.*,
        levels.level,
        levels.level_id
    from dated_closures
    inner join levels
        on dated_closures.stood_on = levels.reporting_date
        and dated_closures.owner_id = levels.owner_id
    union all
    select
        *,
        'product_line' as level,
        product_line as level_id
    from dated_closures
),

sums as (
    select
        month,
        stood_on,
        level,
        level_id,
        count(case when status = 'won' then 1 end) as won,
        count(case when status = 'lost' then 1 end) as lost,
        {{ money_sum("case when status = 'won' then amount end") }} as won_amount,
        {{ money_sum("case when status = 'lost' then amount end") }} as lost_amount,
        cast(coalesce(sum(case when status = 'won' then cycle_days end), 0) as bigint) as won_cycle_days_sum,
        percentile_cont(0.5) within group (order by cast(case when status = 'won' then cycle_days end as double)) as median_cycle_days
    from placed_closures
    group by month, stood_on, level, level_id
)

select
    sums.month,
    sums.level,
    sums.level_id,
    coalesce(names.level_name, sums.level_id) as level_name,
    sums.won,
    sums.lost,
    sums.won_amount,
    sums.lost_amount,
    sums.won_cycle_days_sum,
    {{ ratio('sums.won', 'sums.won + sums.lost') }} as win_rate,
    {{ wilson_low('sums.won', '(sums.won + sums.lost)') }} as win_low,
    {{ wilson_high('sums.won', '(sums.won + sums.lost)') }} as win_high,
    {{ ratio('sums.won_amount', 'sums.won_amount + sums.lost_amount') }} as win_rate_amount,
    {{ money_ratio('sums.won_amount', '1', 'sums.won', 0) }} as average_amount,
    cast(sums.median_cycle_days as decimal(18, 1)) as median_cycle_days,
    {{ money_ratio('sums.won_amount', 'sums.won', 'sums.won_cycle_days_sum', 0) }} as velocity,
    cast(quotas.quota_amount as decimal(18, 2)) as quota_amount,
    {{ ratio('sums.won_amount', 'quotas.quota_amount') }} as quota_attainment
from sums
left join names
    on sums.level = names.level
    and sums.level_id = names.level_id
left join quotas
    on sums.stood_on = quotas.reporting_date
    and {{ month_name('sums.month') }} = quotas.period
    and sums.level = quotas.level
    and sums.level_id = quotas.level_id
