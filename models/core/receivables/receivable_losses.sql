{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

open_receivables as (
    select * from {{ ref('open_receivables') }}
    where not is_unapplied
),

movements as (
    select * from {{ ref('receivable_movements') }}
    where kind = 'write_off'
),

month_ends as (
    select reporting_dates.reporting_date
    from {{ ref('reporting_dates') }} as reporting_dates
    inner join settings
        on reporting_dates.reporting_date >= {{ add_months('settings.as_of_date', -36) }}
        and reporting_dates.reporting_date <= {{ add_months('settings.as_of_date', -12) }}
    where reporting_dates.is_month_end
),

bases as (
    select
        open_receivables.reporting_date,
        open_receivables.item_id,
        open_receivables.due_bucket,
        open_receivables.balance_amount
    from open_receivables
    inner join month_ends
        on open_receivables.reporting_date = month_ends.reporting_date
),

written_off as (
    select
        bases.reporting_date,
        bases.item_id,
        cast(-sum(movements.amount) as decimal(18, 2)) as amount
    from bases
    inner join movements
        on bases.item_id = movements.item_id
        and bases.reporting_date < movements.moved_on
        and {{ add_days('bases.reporting_date', 365) }} >= movements.moved_on
    group by bases.reporting_date, bases.item_id
)

select
    bases.due_bucket as bucket,
    count(*) as base_items,
    count(written_off.item_id) as written_off_items,
    {{ money_sum('bases.balance_amount') }} as base_amount,
    {{ money_sum('written_off.amount') }} as written_off_amount
from bases
left join written_off
    on bases.reporting_date = written_off.reporting_date
    and bases.item_id = written_off.item_id
group by bases.due_bucket
