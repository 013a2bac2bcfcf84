{{ config(schema='work') }}

with

wins as (
    select * from {{ ref('accuracy_wins') }}
    where weeks_left = 0
),

levels as (
    select * from {{ ref('rep_levels') }}
),

placed_wins as (
    select
        wins.period,
        levels.level,
        levels.level_id,
        wins.amount
    from wins
    inner join levels
        on wins.reporting_date = levels.reporting_date
        and wins.owner_id = levels.owner_id
    union all
    select
        period,
        'product_line' as level,
        product_line as level_id,
        amount
    from wins
)

select
    period,
    level,
    level_id,
    {{ money_sum('amount') }} as amount
from placed_wins
group by period, level, level_id
