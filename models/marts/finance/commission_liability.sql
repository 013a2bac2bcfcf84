with

reporting_dates as (
    select * from {{ ref('reporting_dates') }}
),

days as (
    select * from {{ ref('commission_prospect_days') }}
),

pipeline as (
    select
        reporting_date,
        owner_id,
        {{ money_sum('open_weighted_amount') }} as weighted_amount
    from {{ ref('pipeline_months') }}
    group by reporting_date, owner_id
),

reps as (
    select * from {{ ref('reps') }}
),

standing as (
    select
        reporting_dates.reporting_date,
        days.owner_id,
        {{ money_sum('days.accrued - days.payable') }} as not_yet_payable,
        {{ money_sum('days.payable + days.settled') }} as payable,
        greatest({{ money_sum('days.open_orders') }}, 0) as open_orders,
        greatest({{ money_sum('days.receivables') }}, 0) as receivables,
        {{ money_sum('case when days.moved_on > ' ~ add_days('reporting_dates.reporting_date', '-365') ~ ' then days.earned end') }} as earned,
        {{ money_sum('case when days.moved_on > ' ~ add_days('reporting_dates.reporting_date', '-365') ~ ' then days.ordered end') }} as ordered
    from reporting_dates
    inner join days
        on reporting_dates.reporting_date >= days.moved_on
    group by reporting_dates.reporting_date, days.owner_id
),

rated as (
    select
        standing.*,
        coalesce(pipeline.weighted_amount, 0) as weighted_amount,
        greatest(coalesce({{ ratio('standing.earned', 'standing.ordered') }}, 0), 0) as earned_rate
    from standing
    left join pipeline
        on standing.reporting_date = pipeline.reporting_date
        and standing.owner_id = pipeline.owner_id
)

select
    rated.reporting_date,
    rated.owner_id,
    coalesce(reps.owner_name, rated.owner_id) as owner_name,
    rated.not_yet_payable,
    rated.payable,
    rated.earned_rate,
    {{ money_times('rated.open_orders', 'rated.earned_rate') }} as open_orders,
    {{ money_times('rated.receivables', 'rated.earned_rate') }} as receivables,
    {{ money_times('rated.weighted_amount', 'rated.earned_rate') }} as pipeline
from rated
left join reps
    on rated.owner_id = reps.owner_id
