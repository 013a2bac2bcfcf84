-- Quarters and years that begin in the date's month or later hold just what their months hold.
with

company as (
    select * from {{ ref('pipeline_forecast') }}
    where level = 'company'
),

months as (
    select * from company where period_kind = 'month'
),

longer as (
    select * from company
    where period_kind in ('quarter', 'year') and period_starts_on >= {{ month_of('reporting_date') }}
)

select
    longer.reporting_date,
    longer.period
from longer
left join months
    on longer.reporting_date = months.reporting_date
    and months.period_starts_on between longer.period_starts_on and longer.period_ends_on
group by longer.reporting_date, longer.period, longer.won_amount, longer.open_amount
having
    coalesce(sum(months.won_amount), 0) <> longer.won_amount
    or coalesce(sum(months.open_amount), 0) <> longer.open_amount
