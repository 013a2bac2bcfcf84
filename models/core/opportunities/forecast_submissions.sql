{{ config(schema='work') }}

-- A period that begins a fiscal quarter is that quarter, else the month.

with

settings as (
    select * from {{ ref('run_settings') }}
),

stated_submissions as (
    select * from {{ ref('all_forecast_submissions') }}
),

periods as (
    select * from {{ ref('fiscal_periods') }}
    where period_kind in ('month', 'quarter')
    qualify row_number() over (partition by starts_on order by ends_on desc) = 1
),

rates as (
    select * from {{ ref('exchange_rates') }}
),

submissions as (
    select
        *,
        cast(submitted_at as date) as submitted_on,
        {{ snake_case('category') }} as known_category,
        upper(trim(currency)) as stated_currency
    from stated_submissions
)

select
    submissions.owner_id,
    periods.period,
    submissions.known_category as category,
    submissions.submitted_at,
    submissions.submitted_on,
    coalesce(submissions.stated_currency, settings.company_currency) as currency,
    rates.rate as exchange_rate,
    {{ money_times('submissions.amount', 'rates.rate') }} as amount,
    lead(submissions.submitted_on, 1, cast('9999-12-31' as date)) over (
        partition by submissions.owner_id, submissions.period_start_on, submissions.known_category
        order by submissions.submitted_at
    ) as replaced_on,
    submissions.file_id,
    submissions.row_number
from submissions
cross join settings
left join periods
    on submissions.period_start_on = periods.starts_on
left join rates
    on coalesce(submissions.stated_currency, settings.company_currency) = rates.currency
    and submissions.submitted_on >= rates.valid_from_on
    and submissions.submitted_on < rates.valid_until_on
