with

instalments as (
    select * from {{ ref('instalments') }}
),

settlements as (
    select * from {{ ref('instalment_settlements') }}
),

planned as (
    select
        *,
        coalesce(invoice_document_amount, document_amount) as planned_amount
    from instalments
),

daily as (
    select
        planned.instalment_id,
        planned.planned_amount,
        settlements.settled_on,
        sum(settlements.document_amount) as document_amount
    from planned
    inner join settlements
        on planned.instalment_id = settlements.instalment_id
    where settlements.source_kind <> 'write_off'
    group by planned.instalment_id, planned.planned_amount, settlements.settled_on
),

running as (
    select
        *,
        sum(document_amount) over (partition by instalment_id order by settled_on) >= planned_amount as is_full
    from daily
),

since_short as (
    select
        *,
        max(case when not is_full then settled_on end) over (partition by instalment_id) as short_on
    from running
),

full_days as (
    select
        instalment_id,
        min(settled_on) as settled_on
    from since_short
    where is_full and settled_on > coalesce(short_on, cast('0001-01-01' as date))
    group by instalment_id
),

totals as (
    select
        instalment_id,
        sum(case when source_kind = 'payment' then document_amount else 0 end) as collected_amount,
        sum(case when source_kind <> 'write_off' then document_amount else 0 end) as collected_or_credited_amount,
        sum(document_amount) as settled_amount
    from settlements
    group by instalment_id
)

select
    planned.instalment_id,
    planned.amount as planned_amount,
    coalesce({{ money_ratio('planned.amount', 'totals.collected_amount', 'planned.planned_amount') }}, 0) as collected_amount,
    cast(
        coalesce({{ money_ratio('planned.amount', 'totals.collected_or_credited_amount', 'planned.planned_amount') }}, 0)
        - coalesce({{ money_ratio('planned.amount', 'totals.collected_amount', 'planned.planned_amount') }}, 0)
        as decimal(18, 2)
    ) as credited_amount,
    cast(
        planned.amount - coalesce({{ money_ratio('planned.amount', 'totals.settled_amount', 'planned.planned_amount') }}, 0)
        as decimal(18, 2)
    ) as open_amount,
    planned.planned_amount <= 0 or full_days.settled_on is not null as is_full,
    full_days.settled_on
from planned
left join totals
    on planned.instalment_id = totals.instalment_id
left join full_days
    on planned.instalment_id = full_days.instalment_id
