with

settings as (
    select * from {{ ref('run_settings') }}
),

first_movement as (
    select * from {{ ref('first_movement') }}
),

calendar_months as (
    select
        {{ add_months(month_of('first_movement.first_on'), 'months.number') }} as starts_on,
        (13 - settings.fiscal_year_start_month) % 12 as shift,
        first_movement.first_on,
        settings.as_of_date
    from settings
    cross join first_movement
    cross join {{ numbers(-12, 280) }} as months
),

months as (
    select
        starts_on,
        last_day(starts_on) as ends_on,
        cast(extract(year from {{ add_months('starts_on', 'shift') }}) as bigint) as fiscal_year,
        cast(extract(quarter from {{ add_months('starts_on', 'shift') }}) as bigint) as fiscal_quarter,
        cast(extract(year from {{ add_months('first_on', 'shift') }}) as bigint) as first_fiscal_year,
        cast(extract(year from {{ add_months('as_of_date', 'shift') }}) as bigint) + 1 as last_fiscal_year
    from calendar_months
),

named_months as (
    select
        *,
        {{ month_name('starts_on') }} as month,
        cast(fiscal_year as varchar) || '-Q' || cast(fiscal_quarter as varchar) as quarter,
        cast(fiscal_year as varchar) as year
    from months
    where fiscal_year between first_fiscal_year and last_fiscal_year
)

{% for kind in ['month', 'quarter', 'year'] -%}
select
    {{ kind }} as period,
    '{{ kind }}' as period_kind,
    min(fiscal_year) as fiscal_year,
    min(starts_on) as starts_on,
    max(ends_on) as ends_on
from named_months
group by {{ kind }}
{{ 'union all' if not loop.last }}
{% endfor -%}
