-- Dates on which an open deal cannot be converted, by currency.
select distinct
    spans.currency,
    dates.reporting_date as day
from {{ ref('opportunity_spans') }} as spans
cross join {{ ref('run_settings') }} as settings
inner join {{ ref('pipeline_dates') }} as dates
    on dates.reporting_date >= spans.valid_from_on
    and dates.reporting_date < spans.valid_until_on
left join {{ ref('exchange_rates') }} as rates
    on spans.currency = rates.currency
    and dates.reporting_date >= rates.valid_from_on
    and dates.reporting_date < rates.valid_until_on
where
    spans.status = 'open'
    and spans.document_amount is not null
    and spans.currency <> settings.company_currency
    and rates.rate is null
