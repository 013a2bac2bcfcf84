-- What is overdue and what falls due in the 13 weeks, with what falls due later, is every open item above 0.
with

settings as (
    select * from {{ ref('run_settings') }}
),

amounts as (
    select balance_amount as amount
    from {{ ref('receivables_open_items') }}
    cross join settings
    where
        bucket <> 'unapplied'
        and balance_amount > 0
        and due_on <= {{ add_days('settings.as_of_date', 91) }}
    union all
    select -due_amount - overdue_amount as amount
    from {{ ref('cash_forecast') }}
)

select sum(amount) as difference
from amounts
having coalesce(sum(amount), 0) <> 0
