{{ config(materialized='view', schema='work') }}

-- A deal of category commit stands committed to the period of its close date; what became of it is read at that period's end.

with

deals as (
    select * from {{ ref('calibrated_deals') }}
    where forecast_category = 'commit'
),

periods as (
    select * from {{ ref('accuracy_periods') }}
    where weeks_left > 0
),

spans as (
    select * from {{ ref('opportunity_spans') }}
)

select
    periods.period,
    periods.period_kind,
    periods.ends_on as period_ends_on,
    periods.weeks_left as weeks_before_end,
    periods.reporting_date,
    deals.opportunity_id,
    deals.owner_id,
    deals.amount,
    case
        when results.status = 'won' and results.status_since_on between periods.starts_on and periods.ends_on then 'won'
        when results.status = 'lost' then 'lost'
        else 'missed'
    end as outcome
from periods
inner join deals
    on periods.reporting_date = deals.reporting_date
    and periods.period = deals.period
left join spans as results
    on deals.opportunity_id = results.opportunity_id
    and periods.ends_on >= results.valid_from_on
    and periods.ends_on < results.valid_until_on
