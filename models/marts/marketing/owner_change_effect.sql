{#- The difference of two shares has Newcombe's interval (1998, method 10), from the Wilson limits of each. -#}

with

cohorts as (
    select * from {{ ref('owner_change_cohorts') }}
),

changed as (
    select * from cohorts
    where cohort = 'changed'
),

stayed as (
    select * from cohorts
    where cohort = 'stayed'
),

differences as (
    select
        'difference' as cohort,
        cast(null as bigint) as changes,
        cast(null as bigint) as customers,
        cast(null as bigint) as stopped,
        cast(null as bigint) as decided,
        cast(null as bigint) as lost,
        {% for rate in ['stopped', 'lost'] -%}
        cast(changed.{{ rate }}_rate - stayed.{{ rate }}_rate as decimal(18, 6)) as {{ rate }}_rate,
        {% for near, far, sign in [('low', 'high', '-'), ('high', 'low', '+')] -%}
        cast(round(
            cast(changed.{{ rate }}_rate - stayed.{{ rate }}_rate as double) {{ sign }} sqrt(
                power(cast(changed.{{ rate }}_rate - changed.{{ rate }}_{{ near }} as double), 2)
                + power(cast(stayed.{{ rate }}_{{ far }} - stayed.{{ rate }}_rate as double), 2)
            ), 6
        ) as decimal(18, 6)) as {{ rate }}_{{ near }},
        {% endfor -%}
        {% endfor -%}
        cast(null as decimal(18, 2)) as revenue_before_amount,
        cast(null as decimal(18, 2)) as revenue_after_amount,
        cast(changed.revenue_kept_rate - stayed.revenue_kept_rate as decimal(18, 6)) as revenue_kept_rate,
        sqrt(power(changed.revenue_kept_error, 2) + power(stayed.revenue_kept_error, 2)) as revenue_kept_error
    from changed
    cross join stayed
),

compared as (
    select
        cohort,
        changes,
        customers,
        stopped,
        decided,
        lost,
        stopped_rate,
        stopped_low,
        stopped_high,
        lost_rate,
        lost_low,
        lost_high,
        revenue_before_amount,
        revenue_after_amount,
        revenue_kept_rate,
        revenue_kept_error
    from cohorts
    union all
    select * from differences
)

select
    cohort,
    changes,
    customers,
    stopped,
    stopped_rate,
    stopped_low,
    stopped_high,
    decided,
    lost,
    lost_rate,
    lost_low,
    lost_high,
    revenue_before_amount,
    revenue_after_amount,
    revenue_kept_rate,
    cast(round(revenue_kept_rate - 1.959963984540054 * revenue_kept_error, 6) as decimal(18, 6)) as revenue_kept_low,
    cast(round(revenue_kept_rate + 1.959963984540054 * revenue_kept_error, 6) as decimal(18, 6)) as revenue_kept_high
from compared
