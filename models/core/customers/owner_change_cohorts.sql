{{ config(materialized='view', schema='work') }}

{#- What both groups kept, over windows that are over. The error of the share of revenue kept is that of a ratio of sums
    (Cochran, Sampling Techniques, 1977, §2.11): residuals of each account around the common ratio. -#}

with

windows as (
    select * from {{ ref('owner_change_windows') }}
    where is_observed
),

cohorts as (
    select
        cohort,
        count(*) as changes,
        count(case when orders_before > 0 then 1 end) as customers,
        count(case when orders_before > 0 and orders_after = 0 then 1 end) as stopped,
        cast(sum(won_after + lost_after) as bigint) as decided,
        cast(sum(lost_after) as bigint) as lost,
        {{ money_sum('case when orders_before > 0 then revenue_before_amount end') }} as revenue_before_amount,
        {{ money_sum('case when orders_before > 0 then revenue_after_amount end') }} as revenue_after_amount
    from windows
    group by cohort
),

residuals as (
    select
        cohorts.cohort,
        sum(power(
            cast(windows.revenue_after_amount as double)
            - cast(windows.revenue_before_amount as double)
            * cast(cohorts.revenue_after_amount as double) / nullif(cast(cohorts.revenue_before_amount as double), 0), 2
        )) as squares
    from cohorts
    inner join windows
        on cohorts.cohort = windows.cohort
    where windows.orders_before > 0
    group by cohorts.cohort
)

select
    cohorts.*,
    {{ ratio('cohorts.stopped', 'cohorts.customers') }} as stopped_rate,
    {{ wilson_low('cohorts.stopped', 'cohorts.customers') }} as stopped_low,
    {{ wilson_high('cohorts.stopped', 'cohorts.customers') }} as stopped_high,
    {{ ratio('cohorts.lost', 'cohorts.decided') }} as lost_rate,
    {{ wilson_low('cohorts.lost', 'cohorts.decided') }} as lost_low,
    {{ wilson_high('cohorts.lost', 'cohorts.decided') }} as lost_high,
    {{ ratio('cohorts.revenue_after_amount', 'cohorts.revenue_before_amount') }} as revenue_kept_rate,
    case
        when cohorts.customers > 1 then
            sqrt(residuals.squares * cohorts.customers / (cohorts.customers - 1)) / nullif(cast(cohorts.revenue_before_amount as double), 0)
    end as revenue_kept_error
from cohorts
left join residuals
    on cohorts.cohort = residuals.cohort
