{{ config(materialized='view', schema='work') }}

-- What the last period brought, and the same one a year before, where they lie within the company's history.

with

periods as (
    select * from {{ ref('accuracy_periods') }}
),

actuals as (
    select * from {{ ref('accuracy_actuals') }}
),

ended_periods as (
    select distinct
        period,
        period_kind,
        starts_on,
        ends_on
    from periods
),

earlier_periods as (
    select
        ended_periods.period,
        'last_period' as method,
        earlier.period as earlier_period
    from ended_periods
    inner join ended_periods as earlier
        on ended_periods.period_kind = earlier.period_kind
        and {{ add_days('ended_periods.starts_on', -1) }} = earlier.ends_on
    union all
    select
        ended_periods.period,
        'last_year' as method,
        earlier.period as earlier_period
    from ended_periods
    inner join ended_periods as earlier
        on ended_periods.period_kind = earlier.period_kind
        and {{ add_months('ended_periods.starts_on', -12) }} = earlier.starts_on
)

select
    periods.period,
    periods.weeks_left,
    actuals.level,
    actuals.level_id,
    earlier_periods.method,
    actuals.amount
from periods
inner join earlier_periods
    on periods.period = earlier_periods.period
inner join actuals
    on earlier_periods.earlier_period = actuals.period
