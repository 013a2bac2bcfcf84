with

settings as (
    select * from {{ ref('run_settings') }}
),

records as (
    select * from {{ ref('opportunity_records') }}
),

spans as (
    select * from {{ ref('opportunity_spans') }}
),

win_rates as (
    select * from {{ ref('win_rates') }}
),

rates as (
    select * from {{ ref('exchange_rates') }}
),

accounts as (
    select * from {{ ref('accounts') }}
),

reps as (
    select * from {{ ref('reps') }}
),

standing as (
    select
        spans.*,
        spans.status <> 'open' as is_closed,
        coalesce(spans.closing_rate, rates.rate) as exchange_rate,
        case
            when spans.status <> 'open' then spans.closed_amount
            when spans.document_amount is null then 0
            else {{ money_times('spans.document_amount', 'rates.rate') }}
        end as amount,
        coalesce(spans.probability, win_rates.win_rate, 0) as counted_probability
    from settings
    inner join spans
        on settings.as_of_date >= spans.valid_from_on
        and settings.as_of_date < spans.valid_until_on
    inner join win_rates
        on settings.as_of_date = win_rates.reporting_date
    left join rates
        on spans.status = 'open'
        and spans.currency = rates.currency
        and settings.as_of_date >= rates.valid_from_on
        and settings.as_of_date < rates.valid_until_on
)

select
    records.opportunity_id,
    records.name as opportunity_name,
    records.account_id,
    accounts.account_name,
    accounts.industry,
    standing.owner_id,
    reps.owner_name,
    standing.stage,
    standing.status,
    cast(standing.counted_probability as decimal(18, 6)) as probability,
    standing.forecast_category,
    standing.amount,
    standing.document_amount,
    standing.currency,
    standing.exchange_rate,
    standing.amount_from,
    records.product_id,
    records.product_name,
    records.product_line,
    records.quantity,
    records.source,
    records.campaign_id,
    records.lead_id,
    records.partner_id,
    records.loss_reason,
    records.competitor,
    records.next_step,
    records.created_at,
    cast(records.created_at as date) as created_on,
    standing.close_on,
    case
        when standing.is_closed and cast(records.closed_at as date) = standing.status_since_on then records.closed_at
        when standing.is_closed then cast(standing.status_since_on as timestamp)
    end as closed_at,
    case when standing.is_closed then standing.status_since_on end as closed_on,
    case when standing.status = 'won' then standing.status_since_on end as won_on,
    case when standing.status = 'lost' then standing.status_since_on end as lost_on,
    standing.is_estimated,
    records.file_id,
    records.row_number
from records
inner join standing
    on records.opportunity_id = standing.opportunity_id
left join accounts
    on records.account_id = accounts.account_id
left join reps
    on standing.owner_id = reps.owner_id
