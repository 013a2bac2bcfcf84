-- Days on which a deal was won or lost that cannot be converted, by currency.
{{ config(meta={'mend': mend_rates()}) }}
select distinct
    currency,
    status_since_on as day
from {{ ref('opportunity_spans') }}
where status <> 'open' and closed_amount is null
