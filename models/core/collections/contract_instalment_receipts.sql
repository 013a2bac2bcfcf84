{{ config(materialized='view', schema='work') }}

with

plans as (
    select * from {{ ref('instalments') }}
    where not is_receivable and contract_id is not null and document_amount > 0
),

receipts as (
    select * from {{ ref('contract_receipts') }}
),

laid_out as (
    select
        instalment_id,
        contract_id,
        currency,
        document_amount as planned_amount,
        sum(document_amount) over (
            partition by contract_id, currency
            order by due_on, instalment_id
            rows between unbounded preceding and current row
        ) - document_amount as since_amount
    from plans
),

plan_currencies as (
    select
        contract_id,
        currency,
        max(exchange_rate) as exchange_rate
    from plans
    group by contract_id, currency
),

in_plan_currency as (
    select
        plan_currencies.contract_id,
        plan_currencies.currency,
        receipts.moved_on,
        sum(case
            when receipts.currency = plan_currencies.currency then receipts.document_amount
            else {{ money_ratio('receipts.amount', '1', 'plan_currencies.exchange_rate', scale=12) }}
        end) as amount
    from receipts
    inner join plan_currencies
        on receipts.contract_id = plan_currencies.contract_id
    group by plan_currencies.contract_id, plan_currencies.currency, receipts.moved_on
),

running as (
    select
        *,
        sum(amount) over (partition by contract_id, currency order by moved_on) - amount as from_amount,
        sum(amount) over (partition by contract_id, currency order by moved_on) as to_amount
    from in_plan_currency
)

select
    laid_out.instalment_id,
    running.moved_on as settled_on,
    cast(
        least(greatest(running.to_amount - laid_out.since_amount, 0), laid_out.planned_amount)
        - least(greatest(running.from_amount - laid_out.since_amount, 0), laid_out.planned_amount)
        as decimal(18, 2)
    ) as document_amount
from laid_out
inner join running
    on laid_out.contract_id = running.contract_id
    and laid_out.currency = running.currency
    and laid_out.since_amount < greatest(running.from_amount, running.to_amount)
    and laid_out.since_amount + laid_out.planned_amount > least(running.from_amount, running.to_amount)
