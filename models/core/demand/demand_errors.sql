{{ config(materialized='view', schema='work') }}

-- Each whole quarter as it was forecast on the day before it began, and as the quarter before it shipped.

with

settings as (
    select * from {{ ref('run_settings') }}
),

shipped as (
    select * from {{ ref('shipped_quantities') }}
),

first_shipped as (
    select min(month) as month
    from shipped
),

quarters as (
    select
        periods.period,
        periods.starts_on,
        periods.ends_on,
        {{ add_months('periods.starts_on', -3) }} as starts_before_on,
        {{ add_days('periods.starts_on', -1) }} as forecast_on
    from {{ ref('fiscal_periods') }} as periods
    inner join settings
        on periods.ends_on <= settings.as_of_date
    inner join first_shipped
        on {{ add_months('periods.starts_on', -3) }} >= first_shipped.month
    where periods.period_kind = 'quarter'
),

quantities as (
    select
        quarters.period,
        'shipped' as kind,
        shipped.product_id,
        shipped.shipped_quantity as quantity
    from quarters
    inner join shipped
        on shipped.month between quarters.starts_on and quarters.ends_on
    union all
    select
        quarters.period,
        'last_quarter' as kind,
        shipped.product_id,
        shipped.shipped_quantity as quantity
    from quarters
    inner join shipped
        on quarters.starts_before_on <= shipped.month
        and quarters.starts_on > shipped.month
    union all
    select
        quarters.period,
        'forecast' as kind,
        backlog.product_id,
        backlog.backlog_quantity as quantity
    from quarters
    inner join {{ ref('backlog_quantities') }} as backlog
        on quarters.forecast_on = backlog.reporting_date
        and quarters.ends_on >= backlog.month
    union all
    select
        quarters.period,
        'forecast' as kind,
        demand.product_id,
        demand.expected_quantity as quantity
    from quarters
    inner join {{ ref('expected_demand') }} as demand
        on quarters.forecast_on = demand.reporting_date
        and quarters.ends_on >= demand.month
),

products as (
    select
        period,
        product_id,
        sum(case when kind = 'shipped' then quantity else 0 end) as actual_quantity,
        sum(case when kind = 'last_quarter' then quantity else 0 end) as last_quarter_quantity,
        sum(case when kind = 'forecast' then quantity else 0 end) as forecast_quantity
    from quantities
    group by period, product_id
)

{% for method in ['forecast', 'last_quarter'] -%}
select
    period,
    product_id,
    '{{ method }}' as method,
    cast({{ method }}_quantity as decimal(18, 3)) as forecast_quantity,
    cast(actual_quantity as decimal(18, 3)) as actual_quantity,
    cast({{ method }}_quantity - actual_quantity as decimal(18, 3)) as error
from products
{{ 'union all' if not loop.last }}
{% endfor -%}
