with

numbers as (
    select number as week_number from {{ numbers(1, 13) }} as numbers
),

items as (
    select
        *,
        case when days_past_due >= 0 then 1 else {{ idiv('-days_past_due - 1', '7') }} + 1 end as week_number
    from {{ ref('cash_items') }}
),

weeks as (
    select
        dates.cash_date,
        numbers.week_number,
        {{ add_days('dates.cash_date', '7 * numbers.week_number - 6') }} as week,
        {{ add_days('dates.cash_date', '7 * numbers.week_number') }} as week_ends_on
    from (select distinct cash_date from items) as dates
    cross join numbers
),

due as (
    select
        cash_date,
        week_number,
        {{ money_sum('case when days_past_due <= 0 then balance_amount end') }} as due_amount,
        {{ money_sum('case when days_past_due > 0 then balance_amount end') }} as overdue_amount
    from items
    group by cash_date, week_number
),

expected as (
    select
        cash_date,
        week_number,
        {{ money_sum('expected_amount') }} as expected_amount,
        {{ money_sum('case when days_past_due > 0 then expected_amount end') }} as expected_overdue_amount
    from {{ ref('cash_chances') }}
    group by cash_date, week_number
),

quantiles as (
    select * from {{ ref('cash_quantiles') }}
)

select
    weeks.cash_date,
    weeks.week_number,
    weeks.week,
    weeks.week_ends_on,
    coalesce(due.due_amount, 0) as due_amount,
    coalesce(due.overdue_amount, 0) as overdue_amount,
    coalesce(expected.expected_amount, 0) as expected_amount,
    coalesce(expected.expected_overdue_amount, 0) as expected_overdue_amount,
    cast(round(coalesce(quantiles.p10, 0), 2) as decimal(18, 2)) as p10,
    cast(round(coalesce(quantiles.p50, 0), 2) as decimal(18, 2)) as p50,
    cast(round(coalesce(quantiles.p90, 0), 2) as decimal(18, 2)) as p90
from weeks
left join due
    on weeks.cash_date = due.cash_date
    and weeks.week_number = due.week_number
left join expected
    on weeks.cash_date = expected.cash_date
    and weeks.week_number = expected.week_number
left join quantiles
    on weeks.cash_date = quantiles.cash_date
    and weeks.week_number = quantiles.week_number
