{{ config(materialized='view', schema='work') }}

with

credits as (
    select * from {{ ref('receivable_credits') }}
),

allocations as (
    select * from {{ ref('all_payment_allocations') }}
),

invoices as (
    select * from {{ ref('invoices') }}
),

exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

order_currencies as (
    select
        order_id,
        min(currency) as currency
    from invoices
    where order_id is not null
    group by order_id
    having min(currency) = max(currency)
),

contract_currencies as (
    select
        contract_id,
        min(currency) as currency
    from invoices
    where contract_id is not null
    group by contract_id
    having min(currency) = max(currency)
),

with_target as (
    select
        credits.*,
        coalesce(
            invoices.currency,
            case when credits.invoice_id is null then coalesce(order_currencies.currency, contract_currencies.currency) end,
            credits.currency
        ) as target_currency
    from credits
    left join invoices
        on credits.invoice_id = invoices.invoice_id
    left join order_currencies
        on credits.order_id = order_currencies.order_id
    left join contract_currencies
        on credits.contract_id = contract_currencies.contract_id
    where
        coalesce(credits.invoice_id, credits.order_id, credits.contract_id) is not null
        and not (
            credits.source_kind = 'payment'
            and credits.source_id in (select payment_id from allocations)
        )
)

select
    with_target.source_kind || ' ' || with_target.source_id as claim_id,
    with_target.source_kind,
    with_target.source_id,
    with_target.source_on,
    case when with_target.invoice_id is not null then 'invoice' end as rule,
    with_target.invoice_id,
    cast(null as varchar) as instalment_id,
    case when with_target.invoice_id is null then with_target.order_id end as order_id,
    case when with_target.invoice_id is null then with_target.contract_id end as contract_id,
    with_target.target_currency as currency,
    with_target.document_amount < 0 as is_negative,
    abs(case
        when with_target.target_currency = with_target.currency then with_target.document_amount
        else {{ money_ratio('with_target.document_amount', 'with_target.exchange_rate', 'exchange_rates.rate', scale=12) }}
    end) as claimed_amount,
    abs(with_target.document_amount) as source_amount
from with_target
left join exchange_rates
    on with_target.target_currency <> with_target.currency
    and with_target.target_currency = exchange_rates.currency
    and with_target.source_on >= exchange_rates.valid_from_on
    and with_target.source_on < exchange_rates.valid_until_on
