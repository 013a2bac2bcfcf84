{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

open_receivables as (
    select * from {{ ref('open_receivables') }}
    where not is_unapplied and balance_amount > 0
),

items as (
    select * from {{ ref('receivable_items') }}
),

rules as (
    select
        kind,
        cast(null as varchar) as level,
        cast(-threshold as bigint) as from_day,
        case kind when 'due_today' then 0 else -1 end as to_day,
        severity,
        tell
    from {{ ref('alert_rules') }}
    where kind in ('due_soon', 'due_today')
    union all
    select
        'dunning' as kind,
        level,
        days_past_due as from_day,
        cast(null as bigint) as to_day,
        severity,
        tell
    from {{ ref('dunning_levels') }}
)

select
    rules.kind,
    rules.level,
    rules.severity,
    rules.tell,
    open_receivables.item_id as entity_id,
    items.document_id,
    open_receivables.account_id,
    open_receivables.owner_id,
    cast(open_receivables.days_past_due as decimal(18, 2)) as value,
    cast(rules.from_day as decimal(18, 2)) as threshold,
    open_receivables.days_past_due >= rules.from_day
    and open_receivables.days_past_due <= coalesce(rules.to_day, open_receivables.days_past_due) as is_fired,
    greatest({{ add_days('items.due_on', 'rules.from_day') }}, items.issued_on) as raised_on,
    open_receivables.balance_amount as amount,
    open_receivables.item_id as occurrence,
    case
        when open_receivables.days_past_due > 0 then open_receivables.days_past_due || ' days past due'
        when open_receivables.days_past_due = 0 then 'due today'
        else 'due in ' || -open_receivables.days_past_due || ' days'
    end || ' on ' || items.due_on as reason
from open_receivables
inner join settings
    on open_receivables.reporting_date = settings.as_of_date
inner join items
    on open_receivables.item_id = items.item_id
cross join rules
