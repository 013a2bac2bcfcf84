with

dates as (
    select * from {{ ref('pipeline_dates') }}
),

periods as (
    select * from {{ ref('fiscal_periods') }}
),

fiscal_years as (
    select * from periods
    where period_kind = 'year'
)

select
    dates.reporting_date,
    periods.period,
    periods.period_kind,
    periods.starts_on,
    periods.ends_on
from dates
inner join fiscal_years
    on dates.reporting_date between fiscal_years.starts_on and fiscal_years.ends_on
inner join periods
    on dates.reporting_date <= periods.ends_on
    and periods.fiscal_year <= fiscal_years.fiscal_year + 1
union all
select
    reporting_date,
    'undated' as period,
    'undated' as period_kind,
    null as starts_on,
    null as ends_on
from dates
union all
select
    reporting_date,
    'all' as period,
    'all' as period_kind,
    null as starts_on,
    null as ends_on
from dates
