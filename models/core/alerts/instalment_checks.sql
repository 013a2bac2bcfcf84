{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

rules as (
    select * from {{ ref('alert_rules') }}
    where kind = 'instalment_missed'
),

instalments as (
    select * from {{ ref('instalments') }}
),

progress as (
    select * from {{ ref('instalment_progress') }}
    where not is_full and open_amount > 0
),

owner_spans as (
    select * from {{ ref('account_owner_spans') }}
)

select
    rules.kind,
    cast(null as varchar) as level,
    rules.severity,
    rules.tell,
    instalments.instalment_id as entity_id,
    coalesce(instalments.invoice_id, instalments.contract_id) as document_id,
    instalments.account_id,
    coalesce(instalments.owner_id, owner_spans.owner_id) as owner_id,
    cast({{ duration_days('instalments.due_on', 'settings.as_of_date') }} as decimal(18, 2)) as value,
    cast(rules.threshold as decimal(18, 2)) as threshold,
    {{ duration_days('instalments.due_on', 'settings.as_of_date') }} >= rules.threshold as is_fired,
    {{ add_days('instalments.due_on', 'rules.threshold') }} as raised_on,
    progress.open_amount as amount,
    instalments.instalment_id as occurrence,
    'instalment of ' || progress.planned_amount || ' due on ' || instalments.due_on
    || ', ' || progress.collected_amount || ' collected' as reason
from progress
inner join instalments
    on progress.instalment_id = instalments.instalment_id
cross join settings
cross join rules
left join owner_spans
    on instalments.account_id = owner_spans.account_id
    and settings.as_of_date >= owner_spans.valid_from_on
    and settings.as_of_date < owner_spans.valid_until_on
