{{ config(materialized='view', schema='work') }}

{% set documents = {
    'invoices': 'issued_on', 'payments': 'paid_on', 'spend': 'spent_on', 'orders': 'ordered_on', 'contracts': 'signed_on',
    'credit_notes': 'issued_on', 'quotas': 'period_start_on',
} -%}
{% set amounts = documents.keys() | list + ['campaigns', 'opportunities', 'products', 'quotes', 'write_offs'] -%}
with

settings as (
    select * from {{ ref('run_settings') }}
),

exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

{% for table in amounts -%}
{{ table }} as (
    select
        currency,
        {{ documents.get(table, 'cast(null as date)') }} as day
    from {{ ref('all_' ~ table) }}
),

{% endfor -%}
currency_days as (
    {% for table in amounts -%}
    select
        '{{ table }}' as entity_kind,
        currency,
        day,
        count(*) as records
    from {{ table }}
    group by 1, 2, 3
    {%- if not loop.last %}
    union all
    {% endif -%}
    {% endfor %}
)

select
    'null_currency' as finding,
    currency_days.entity_kind,
    settings.company_currency as value,
    sum(currency_days.records) as records
from currency_days
cross join settings
where currency_days.currency is null
group by 1, 2, 3
union all
select
    'missing_exchange_rate' as finding,
    currency_days.entity_kind,
    currency_days.currency || ' ' || cast(currency_days.day as varchar) as value,
    sum(currency_days.records) as records
from currency_days
left join exchange_rates
    on currency_days.currency = exchange_rates.currency
    and currency_days.day >= exchange_rates.valid_from_on
    and currency_days.day < exchange_rates.valid_until_on
where currency_days.currency is not null and currency_days.day is not null and exchange_rates.currency is null
group by 1, 2, 3
