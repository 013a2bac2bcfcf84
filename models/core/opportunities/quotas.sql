with

settings as (
    select * from {{ ref('run_settings') }}
),

stated_quotas as (
    select * from {{ ref('all_quotas') }}
),

rates as (
    select * from {{ ref('exchange_rates') }}
),

quotas as (
    select
        stated_quotas.*,
        coalesce(upper(trim(stated_quotas.currency)), settings.company_currency) as known_currency
    from stated_quotas
    cross join settings
)

select
    quotas.owner_id,
    quotas.period_start_on,
    quotas.period_end_on,
    quotas.amount as document_amount,
    quotas.known_currency as currency,
    rates.rate as exchange_rate,
    {{ money_times('quotas.amount', 'rates.rate') }} as amount,
    quotas.file_id,
    quotas.row_number
from quotas
left join rates
    on quotas.known_currency = rates.currency
    and quotas.period_start_on >= rates.valid_from_on
    and quotas.period_start_on < rates.valid_until_on
