with

days as (
    select * from {{ ref('opportunity_days') }}
),

records as (
    select * from {{ ref('opportunity_records') }}
),

stages as (
    select * from {{ ref('opportunity_stages') }}
),

rates as (
    select * from {{ ref('exchange_rates') }}
),

settings as (
    select * from {{ ref('run_settings') }}
),

states as (
    select
        days.opportunity_id,
        days.valid_from_on,
        days.valid_until_on,
        days.stage,
        stages.sort_order as stage_order,
        coalesce(stages.status, 'open') as status,
        stages.probability,
        coalesce(days.forecast_category, stages.forecast_category) as forecast_category,
        cast(days.amount as decimal(18, 2)) as stated_amount,
        case when days.amount is null and coalesce(stages.status, 'open') = 'open' then records.fallback_amount end as fallback_amount,
        coalesce(days.currency, settings.company_currency) as stated_currency,
        records.fallback_currency,
        records.product_line,
        cast(days.close_on as date) as close_on,
        days.owner_id,
        days.stage is null or coalesce(days.valid_from_on < cast(days.owner_known_on as date), false) as is_estimated,
        lag(coalesce(stages.status, 'open')) over (partition by days.opportunity_id order by days.valid_from_on) as previous_status
    from days
    cross join settings
    inner join records
        on days.opportunity_id = records.opportunity_id
    left join stages
        on days.stage = stages.stage
        and {{ source_of('days.opportunity_id') }} = stages.source
    where coalesce(days.is_deleted, 'false') = 'false'
),

statuses as (
    select
        *,
        coalesce(stated_amount, fallback_amount) as document_amount,
        case when fallback_amount is null then stated_currency else fallback_currency end as currency,
        case
            when stated_amount is not null then 'stated'
            when fallback_amount is not null then 'list_price'
        end as amount_from,
        max(case when status <> coalesce(previous_status, '') then valid_from_on end)
            over (partition by opportunity_id order by valid_from_on) as status_since_on
    from states
)

select
    statuses.opportunity_id,
    statuses.valid_from_on,
    statuses.valid_until_on,
    statuses.stage,
    statuses.stage_order,
    statuses.status,
    statuses.status_since_on,
    statuses.probability,
    statuses.forecast_category,
    statuses.document_amount,
    statuses.currency,
    statuses.amount_from,
    rates.rate as closing_rate,
    case
        when statuses.status = 'open' then null
        when statuses.document_amount is null then 0
        else {{ money_times('statuses.document_amount', 'rates.rate') }}
    end as closed_amount,
    statuses.close_on,
    statuses.owner_id,
    statuses.product_line,
    statuses.is_estimated
from statuses
left join rates
    on statuses.currency = rates.currency
    and statuses.status_since_on >= rates.valid_from_on
    and statuses.status_since_on < rates.valid_until_on
    and statuses.status <> 'open'
