with

settings as (
    select * from {{ ref('run_settings') }}
),

buckets as (
    select * from {{ ref('aging_buckets') }}
    where basis = 'due'
),

losses as (
    select * from {{ ref('receivable_losses') }}
),

open_receivables as (
    select * from {{ ref('open_receivables') }}
    where not is_unapplied and balance_amount > 0
),

balances as (
    select
        open_receivables.due_bucket as bucket,
        count(*) as items,
        {{ money_sum('open_receivables.balance_amount') }} as balance_amount
    from open_receivables
    inner join settings
        on open_receivables.reporting_date = settings.as_of_date
    group by open_receivables.due_bucket
),

rated as (
    select
        buckets.bucket,
        buckets.sort_order,
        coalesce(losses.base_items, 0) as base_items,
        coalesce(losses.base_amount, 0) as base_amount,
        coalesce(losses.written_off_items, 0) as written_off_items,
        coalesce(losses.written_off_amount, 0) as written_off_amount,
        {{ ratio('losses.written_off_amount', 'losses.base_amount') }} as loss_rate,
        coalesce(balances.items, 0) as items,
        coalesce(balances.balance_amount, 0) as balance_amount
    from buckets
    left join losses
        on buckets.bucket = losses.bucket
    left join balances
        on buckets.bucket = balances.bucket
)

select
    bucket,
    sort_order,
    base_items,
    base_amount,
    written_off_items,
    written_off_amount,
    loss_rate,
    items,
    balance_amount,
    {{ money_times('balance_amount', 'loss_rate') }} as provision_amount
from rated
