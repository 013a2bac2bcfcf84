{{ config(materialized='view', schema='work') }}

with

periods as (
    select * from {{ ref('accuracy_periods') }}
),

spans as (
    select * from {{ ref('opportunity_spans') }}
    where status = 'won'
)

select
    periods.period,
    periods.weeks_left,
    periods.reporting_date,
    coalesce(spans.owner_id, '(none)') as owner_id,
    coalesce(spans.product_line, '(none)') as product_line,
    {{ money_sum('spans.closed_amount') }} as amount
from periods
inner join spans
    on periods.starts_on <= spans.status_since_on
    and periods.ends_on >= spans.status_since_on
    and periods.reporting_date >= spans.valid_from_on
    and periods.reporting_date < spans.valid_until_on
group by periods.period, periods.weeks_left, periods.reporting_date, coalesce(spans.owner_id, '(none)'), coalesce(spans.product_line, '(none)')
