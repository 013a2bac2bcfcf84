{{ config(materialized='view', schema='work') }}

-- A rate that changes on the day on which a deal leaves the pipeline revalues it first, at what it held before.

with

settings as (
    select * from {{ ref('run_settings') }}
),

states as (
    select * from {{ ref('pipeline_states') }}
    where state = 'open' and document_amount is not null
),

rates as (
    select
        *,
        lag(rate) over (partition by currency order by valid_from_on) as previous_rate
    from {{ ref('exchange_rates') }}
),

revalued as (
    select
        states.opportunity_id,
        rates.valid_from_on as moved_on,
        states.owner_id,
        states.month,
        {{ money_times('states.document_amount', 'rates.rate') }} - {{ money_times('states.document_amount', 'rates.previous_rate') }} as amount
    from states
    cross join settings
    inner join rates
        on states.currency = rates.currency
        and states.valid_from_on < rates.valid_from_on
        and states.valid_until_on >= rates.valid_from_on
        and settings.as_of_date >= rates.valid_from_on
)

select
    opportunity_id,
    moved_on,
    'fx' as step,
    owner_id,
    month,
    amount
from revalued
where amount <> 0
