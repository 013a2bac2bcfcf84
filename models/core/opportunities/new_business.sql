{{ config(materialized='view', schema='work') }}

-- A deal counts as new business of k weeks before the end where it was created after that day: weeks_old < k.

with

spans as (
    select * from {{ ref('opportunity_spans') }}
    where status = 'won'
),

records as (
    select * from {{ ref('opportunity_records') }}
),

periods as (
    select * from {{ ref('fiscal_periods') }}
),

settings as (
    select * from {{ ref('run_settings') }}
),

levels as (
    select * from {{ ref('rep_levels') }}
    where level in ('rep', 'team', 'company')
),

wins as (
    select
        periods.period_kind,
        periods.ends_on,
        coalesce(spans.owner_id, '(none)') as owner_id,
        {{ idiv(duration_days('records.created_at', 'periods.ends_on'), '7') }} as weeks_old,
        spans.closed_amount as amount
    from spans
    cross join settings
    inner join records
        on spans.opportunity_id = records.opportunity_id
    inner join periods
        on spans.status_since_on >= periods.starts_on
        and spans.status_since_on <= periods.ends_on
        and spans.valid_from_on <= periods.ends_on
        and spans.valid_until_on > periods.ends_on
        and settings.as_of_date >= periods.ends_on
)

select
    wins.period_kind,
    wins.ends_on,
    levels.level,
    levels.level_id,
    wins.weeks_old,
    {{ money_sum('wins.amount') }} as amount
from wins
inner join levels
    on wins.ends_on = levels.reporting_date
    and wins.owner_id = levels.owner_id
group by wins.period_kind, wins.ends_on, levels.level, levels.level_id, wins.weeks_old
