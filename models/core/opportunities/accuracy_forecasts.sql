with

amounts as (
    select * from {{ ref('accuracy_amounts') }}
),

levels as (
    select * from {{ ref('rep_levels') }}
),

submissions as (
    select * from {{ ref('accuracy_submissions') }}
),

naive_forecasts as (
    select * from {{ ref('accuracy_naive') }}
),

placed_amounts as (
    select
        amounts.period,
        amounts.weeks_left,
        levels.level,
        levels.level_id,
        amounts.method,
        amounts.amount
    from amounts
    inner join levels
        on amounts.reporting_date = levels.reporting_date
        and amounts.owner_id = levels.owner_id
    union all
    select
        period,
        weeks_left,
        'product_line' as level,
        product_line as level_id,
        method,
        amount
    from amounts
    union all
    select * from submissions
    union all
    select * from naive_forecasts
)

select
    period,
    weeks_left,
    level,
    level_id,
    method,
    {{ money_sum('amount') }} as amount
from placed_amounts
group by period, weeks_left, level, level_id, method
