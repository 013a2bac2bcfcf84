with

movements as (
    select * from {{ ref('pipeline_movements') }}
),

periods as (
    select * from {{ ref('fiscal_periods') }}
),

weeks as (
    select * from {{ ref('pipeline_weeks') }}
),

moved_days as (
    select distinct moved_on from movements
),

days as (
    select
        moved_days.moved_on,
        weeks.ends_on as week
    from moved_days
    inner join weeks
        on moved_days.moved_on > weeks.opens_on
        and moved_days.moved_on <= weeks.ends_on
),

placed_movements as (
    select
        movements.*,
        periods.period
    from movements
    inner join periods
        on movements.month >= periods.starts_on
        and movements.month <= periods.ends_on
    where not coalesce(movements.other_month between periods.starts_on and periods.ends_on, false)
    union all
    select
        *,
        'undated' as period
    from movements
    where month is null
    union all
    select
        *,
        'all' as period
    from movements
    where step not in ('pulled_in', 'pushed_out')
)

select
    placed_movements.movement_id,
    placed_movements.period,
    placed_movements.moved_on,
    days.week,
    placed_movements.opportunity_id,
    placed_movements.owner_id,
    placed_movements.product_line,
    placed_movements.step,
    placed_movements.other_month,
    placed_movements.amount,
    placed_movements.file_id,
    placed_movements.row_number
from placed_movements
inner join days
    on placed_movements.moved_on = days.moved_on
