{%- set over = 'over (partition by compared.period_kind, compared.weeks_before_end, compared.method, compared.level, compared.level_id)' %}

-- Every forecast of a method is held against every actual: who forecast nothing and won something was wrong by all of it.

with

periods as (
    select * from {{ ref('accuracy_periods') }}
),

forecasts as (
    select * from {{ ref('accuracy_forecasts') }}
),

actuals as (
    select * from {{ ref('accuracy_actuals') }}
),

names as (
    select * from {{ ref('level_names') }}
),

methods as (
    select distinct
        period,
        weeks_left,
        method,
        level
    from forecasts
),

keys as (
    select
        period,
        weeks_left,
        method,
        level,
        level_id
    from forecasts
    union distinct
    select
        methods.period,
        methods.weeks_left,
        methods.method,
        methods.level,
        actuals.level_id
    from methods
    inner join actuals
        on methods.period = actuals.period
        and methods.level = actuals.level
),

compared as (
    select
        keys.period,
        periods.period_kind,
        periods.ends_on as period_ends_on,
        keys.weeks_left as weeks_before_end,
        periods.reporting_date,
        keys.method,
        keys.level,
        keys.level_id,
        cast(coalesce(forecasts.amount, 0) as decimal(18, 2)) as forecast_amount,
        cast(coalesce(actuals.amount, 0) as decimal(18, 2)) as actual_amount,
        cast(coalesce(forecasts.amount, 0) - coalesce(actuals.amount, 0) as decimal(18, 2)) as error
    from keys
    inner join periods
        on keys.period = periods.period
        and keys.weeks_left = periods.weeks_left
    left join forecasts
        on keys.period = forecasts.period
        and keys.weeks_left = forecasts.weeks_left
        and keys.method = forecasts.method
        and keys.level = forecasts.level
        and keys.level_id = forecasts.level_id
    left join actuals
        on keys.period = actuals.period
        and keys.level = actuals.level
        and keys.level_id = actuals.level_id
)

select
    compared.*,
    coalesce(names.level_name, compared.level_id) as level_name,
    case
        when compared.actual_amount <> 0
            then cast(greatest(0, 1 - {{ ratio('abs(compared.error)', 'abs(compared.actual_amount)') }}) as decimal(18, 6))
    end as accuracy,
    {{ ratio('sum(abs(compared.error)) ' ~ over, 'sum(compared.actual_amount) ' ~ over) }} as wape,
    {{ ratio('sum(compared.error) ' ~ over, 'sum(compared.actual_amount) ' ~ over) }} as bias
from compared
left join names
    on compared.level = names.level
    and compared.level_id = names.level_id
