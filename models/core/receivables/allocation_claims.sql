{{ config(materialized='view', schema='work') }}

with

allocations as (
    select * from {{ ref('stated_allocations') }}
),

netted as (
    select
        payment_id,
        invoice_id,
        instalment_id,
        paid_on,
        due_on,
        currency,
        abs(paid_amount) as paid_amount,
        sum(amount) < 0 as is_negative,
        (sum(amount) < 0) = (paid_amount < 0) as is_like_payment,
        abs({{ money_sum('amount') }}) as claimed_amount,
        abs({{ money_sum('payment_amount') }}) as source_amount
    from allocations
    group by payment_id, invoice_id, instalment_id, paid_on, due_on, currency, paid_amount
),

laid_out as (
    select
        *,
        sum(case when is_like_payment then source_amount else 0 end) over (
            partition by payment_id
            order by due_on nulls last, invoice_id, instalment_id nulls last
            rows between unbounded preceding and current row
        ) as claimed_to_here,
        paid_amount + sum(case when is_like_payment then 0 else source_amount end) over (
            partition by payment_id
        ) as available_amount
    from netted
),

covered as (
    select
        *,
        cast(case
            when is_like_payment
                then least(source_amount, greatest(available_amount - claimed_to_here + source_amount, 0))
            else source_amount
        end as decimal(18, 2)) as covered_amount
    from laid_out
)

select
    'payment ' || payment_id || ' for ' || invoice_id || coalesce(' ' || instalment_id, '') as claim_id,
    'payment' as source_kind,
    payment_id as source_id,
    paid_on as source_on,
    'allocation' as rule,
    invoice_id,
    instalment_id,
    cast(null as varchar) as order_id,
    cast(null as varchar) as contract_id,
    currency,
    is_negative,
    case
        when covered_amount = source_amount then claimed_amount
        else {{ money_ratio('claimed_amount', 'covered_amount', 'source_amount') }}
    end as claimed_amount,
    covered_amount as source_amount
from covered
