{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

rules as (
    select * from {{ ref('alert_rules') }}
    where kind = 'promise_broken'
),

outcomes as (
    select * from {{ ref('promise_outcomes') }}
),

open_receivables as (
    select open_receivables.*
    from {{ ref('open_receivables') }} as open_receivables
    inner join settings
        on open_receivables.reporting_date = settings.as_of_date
    where not open_receivables.is_unapplied and open_receivables.balance_amount > 0
),

owed as (
    select
        invoice_id as owed_id,
        {{ money_sum('balance_amount') }} as balance_amount
    from open_receivables
    group by invoice_id
    union all
    select
        account_id as owed_id,
        {{ money_sum('balance_amount') }} as balance_amount
    from open_receivables
    group by account_id
),

owner_spans as (
    select * from {{ ref('account_owner_spans') }}
)

select
    rules.kind,
    cast(null as varchar) as level,
    rules.severity,
    rules.tell,
    outcomes.promise_id as entity_id,
    outcomes.invoice_id as document_id,
    outcomes.account_id,
    owner_spans.owner_id,
    outcomes.applied_amount as value,
    outcomes.promised_amount as threshold,
    outcomes.is_short
    and {{ days_between('outcomes.due_on', 'settings.as_of_date') }} >= rules.threshold as is_fired,
    {{ add_days('outcomes.due_on', 'rules.threshold') }} as raised_on,
    least(cast(outcomes.promised_amount - outcomes.applied_amount as decimal(18, 2)), owed.balance_amount) as amount,
    outcomes.promise_id as occurrence,
    'promised ' || outcomes.promised_amount || ' by ' || outcomes.due_on || ', ' || outcomes.applied_amount || ' came' as reason
from outcomes
inner join owed
    on coalesce(outcomes.invoice_id, outcomes.account_id) = owed.owed_id
cross join settings
cross join rules
left join owner_spans
    on outcomes.account_id = owner_spans.account_id
    and settings.as_of_date >= owner_spans.valid_from_on
    and settings.as_of_date < owner_spans.valid_until_on
