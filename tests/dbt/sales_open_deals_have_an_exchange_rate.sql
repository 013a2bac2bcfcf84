-- Dates on which an open deal cannot be converted, by currency.
{{ config(meta={'mend': mend_rates()}) }}
with

foreign_spans as (
    select spans.*
    from {{ ref('opportunity_spans') }} as spans
    inner join {{ ref('run_settings') }} as settings
        on spans.currency <> settings.company_currency
    where spans.status = 'open' and spans.document_amount is not null
),

first_rates as (
    select
        currency,
        min(valid_from_on) as first_on
    from {{ ref('exchange_rates') }}
    group by currency
)

select distinct
    foreign_spans.currency,
    dates.reporting_date as day
from foreign_spans
left join first_rates
    on foreign_spans.currency = first_rates.currency
inner join {{ ref('pipeline_dates') }} as dates
    on dates.reporting_date >= foreign_spans.valid_from_on
    and dates.reporting_date < least(foreign_spans.valid_until_on, coalesce(first_rates.first_on, foreign_spans.valid_until_on))
