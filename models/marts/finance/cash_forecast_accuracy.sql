with

settings as (
    select * from {{ ref('run_settings') }}
),

weeks as (
    select * from {{ ref('cash_weeks') }}
),

received as (
    select * from {{ ref('cash_received') }}
),

compared as (
    select
        weeks.*,
        cast(weeks.due_amount + weeks.overdue_amount as decimal(18, 2)) as due_day_amount,
        coalesce(received.received_amount, 0) as actual_amount
    from weeks
    inner join settings
        on weeks.week_ends_on <= settings.as_of_date
    left join received
        on weeks.cash_date = received.cash_date
        and weeks.week_number = received.week_number
)

select
    cash_date,
    week_number,
    week,
    expected_amount as forecast_amount,
    p10,
    p50,
    p90,
    due_day_amount,
    actual_amount,
    cast(expected_amount - actual_amount as decimal(18, 2)) as error,
    cast(due_day_amount - actual_amount as decimal(18, 2)) as due_day_error,
    actual_amount between p10 and p90 as is_within_range
from compared
