with

contracts as (
    select * from {{ ref('contracts') }}
),

changes as (
    select * from {{ ref('all_contract_changes') }}
),

exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

in_currency as (
    select
        changes.*,
        contracts.rate_on,
        coalesce(changes.currency, contracts.currency) as own_currency
    from changes
    inner join contracts
        on changes.contract_id = contracts.contract_id
)

select
    contract_id,
    rate_on as moved_on,
    'signed' as kind,
    rate_on,
    currency,
    exchange_rate,
    document_amount,
    amount,
    file_id,
    row_number
from contracts
union all
select
    in_currency.contract_id,
    in_currency.changed_on as moved_on,
    in_currency.kind,
    in_currency.rate_on,
    in_currency.own_currency as currency,
    exchange_rates.rate as exchange_rate,
    coalesce(in_currency.amount, 0) as document_amount,
    {{ money_times('coalesce(in_currency.amount, 0)', 'exchange_rates.rate') }} as amount,
    in_currency.file_id,
    in_currency.row_number
from in_currency
left join exchange_rates
    on in_currency.own_currency = exchange_rates.currency
    and in_currency.rate_on >= exchange_rates.valid_from_on
    and in_currency.rate_on < exchange_rates.valid_until_on
