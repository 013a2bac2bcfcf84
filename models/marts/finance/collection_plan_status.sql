with

settings as (
    select * from {{ ref('run_settings') }}
),

instalments as (
    select * from {{ ref('instalments') }}
),

progress as (
    select * from {{ ref('instalment_progress') }}
),

deliveries as (
    select * from {{ ref('instalment_deliveries') }}
),

accounts as (
    select * from {{ ref('accounts') }}
),

reps as (
    select * from {{ ref('reps') }}
)

select
    instalments.instalment_id,
    instalments.contract_id,
    instalments.invoice_id,
    instalments.is_receivable,
    instalments.account_id,
    coalesce(accounts.account_name, instalments.account_id) as account_name,
    coalesce(instalments.owner_id, accounts.owner_id, '(none)') as owner_id,
    coalesce(reps.owner_name, instalments.owner_id, accounts.owner_id, '(none)') as owner_name,
    coalesce(instalments.method, '(none)') as method,
    instalments.due_on,
    progress.planned_amount,
    progress.collected_amount,
    progress.credited_amount,
    progress.open_amount,
    case
        when progress.is_full and coalesce(progress.settled_on, instalments.due_on) <= instalments.due_on then 'met'
        when progress.is_full then 'late'
        when instalments.due_on >= settings.as_of_date then 'open'
        when progress.collected_amount + progress.credited_amount > 0 then 'partly'
        else 'missed'
    end as status,
    progress.settled_on,
    {{ duration_days(
        'instalments.due_on',
        'case when progress.is_full then coalesce(progress.settled_on, instalments.due_on) else settings.as_of_date end'
    ) }} as days_late,
    case
        when instalments.due_on < settings.as_of_date then 'after_due'
        when deliveries.delivered_on <= settings.as_of_date then 'until_due'
        else 'before_delivery'
    end as phase,
    deliveries.delivered_on,
    instalments.file_id,
    instalments.row_number
from instalments
cross join settings
inner join progress
    on instalments.instalment_id = progress.instalment_id
inner join deliveries
    on instalments.instalment_id = deliveries.instalment_id
left join accounts
    on instalments.account_id = accounts.account_id
left join reps
    on coalesce(instalments.owner_id, accounts.owner_id) = reps.owner_id
