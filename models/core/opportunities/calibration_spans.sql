{{ config(materialized='view', schema='work') }}

-- A deal's week before the period's end is k on the day ends_on - 7k: a span of days holds the weeks from..until.

with

spans as (
    select * from {{ ref('opportunity_spans') }}
),

periods as (
    select * from {{ ref('fiscal_periods') }}
),

settings as (
    select * from {{ ref('run_settings') }}
),

open_spans as (
    select
        spans.opportunity_id,
        coalesce(spans.stage, '(none)') as stage,
        periods.period,
        periods.period_kind,
        periods.starts_on,
        periods.ends_on,
        {{ days_between('spans.valid_until_on', 'periods.ends_on') }} + 1 as first_day,
        {{ days_between('spans.valid_from_on', 'periods.ends_on') }} as last_day
    from spans
    cross join settings
    inner join periods
        on spans.close_on >= periods.starts_on
        and spans.close_on <= periods.ends_on
        and settings.as_of_date >= periods.ends_on
    where
        spans.status = 'open'
        and coalesce(spans.forecast_category, 'pipeline') not in ('omitted', 'closed')
        and spans.valid_from_on <= periods.ends_on
),

weeks as (
    select
        *,
        case when first_day <= 0 then 0 else {{ idiv('first_day + 6', '7') }} end as first_week,
        {{ idiv('last_day', '7') }} as last_week
    from open_spans
)

select
    weeks.opportunity_id,
    weeks.stage,
    weeks.period,
    weeks.period_kind,
    weeks.ends_on,
    weeks.first_week,
    weeks.last_week,
    coalesce(results.status_since_on between weeks.starts_on and weeks.ends_on, false) as is_won
from weeks
left join spans as results
    on weeks.opportunity_id = results.opportunity_id
    and results.status = 'won'
    and weeks.ends_on >= results.valid_from_on
    and weeks.ends_on < results.valid_until_on
where weeks.first_week <= weeks.last_week
