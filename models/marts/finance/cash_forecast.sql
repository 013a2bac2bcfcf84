with

settings as (
    select * from {{ ref('run_settings') }}
),

weeks as (
    select * from {{ ref('cash_weeks') }}
)

select
    weeks.week,
    weeks.week_ends_on,
    weeks.week_number,
    weeks.due_amount,
    weeks.overdue_amount,
    weeks.expected_amount,
    weeks.expected_overdue_amount,
    weeks.p10,
    weeks.p50,
    weeks.p90
from weeks
inner join settings
    on weeks.cash_date = settings.as_of_date
