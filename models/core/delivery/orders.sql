with

settings as (
    select * from {{ ref('run_settings') }}
),

orders as (
    select * from {{ ref('all_orders') }}
),

contracts as (
    select * from {{ ref('all_contracts') }}
),

exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

in_currency as (
    select
        orders.*,
        coalesce(orders.opportunity_id, contracts.opportunity_id) as own_opportunity_id,
        coalesce(orders.owner_id, contracts.owner_id) as own_owner_id,
        coalesce(orders.currency, settings.company_currency) as own_currency
    from orders
    cross join settings
    left join contracts
        on orders.contract_id = contracts.contract_id
)

select
    in_currency.order_id,
    in_currency.account_id,
    in_currency.contract_id,
    in_currency.own_opportunity_id as opportunity_id,
    in_currency.quote_id,
    in_currency.own_owner_id as owner_id,
    in_currency.partner_id,
    in_currency.end_customer_id,
    in_currency.ordered_on,
    in_currency.status,
    in_currency.own_currency as currency,
    in_currency.currency is null as is_currency_missing,
    exchange_rates.rate as exchange_rate,
    in_currency.file_id,
    in_currency.row_number
from in_currency
left join exchange_rates
    on in_currency.own_currency = exchange_rates.currency
    and in_currency.ordered_on >= exchange_rates.valid_from_on
    and in_currency.ordered_on < exchange_rates.valid_until_on
