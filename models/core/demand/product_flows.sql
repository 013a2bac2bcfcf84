{{ config(materialized='view', schema='work') }}

-- Every product that is stocked, wanted or on its way, in every month to the next fiscal year's end and in later ones in which something falls.

with

settings as (
    select * from {{ ref('run_settings') }}
),

months as (
    select periods.starts_on as month
    from {{ ref('forecast_periods') }} as periods
    inner join settings
        on periods.reporting_date = settings.as_of_date
    where periods.period_kind = 'month'
),

backlog as (
    select
        backlog.product_id,
        greatest(backlog.month, {{ month_of('settings.as_of_date') }}) as month,
        backlog.backlog_quantity as quantity
    from {{ ref('backlog_quantities') }} as backlog
    inner join settings
        on backlog.reporting_date = settings.as_of_date
),

forecast as (
    select
        demand.product_id,
        demand.month,
        demand.expected_quantity as quantity
    from {{ ref('expected_demand') }} as demand
    inner join settings
        on demand.reporting_date = settings.as_of_date
),

incoming as (
    select
        product_id,
        month,
        incoming_quantity as quantity
    from {{ ref('incoming_quantities') }}
),

flows as (
    {% for kind in ['backlog', 'forecast', 'incoming'] -%}
    select
        product_id,
        month,
        '{{ kind }}' as kind,
        quantity
    from {{ kind }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

flowing_products as (
    select product_id from flows
    union distinct
    select product_id from {{ ref('stock_counts') }}
),

cells as (
    select
        product_id,
        month
    from flows
    union distinct
    select
        flowing_products.product_id,
        months.month
    from flowing_products
    cross join months
)

select
    cells.product_id,
    cells.month,
    {% for kind in ['backlog', 'forecast'] -%}
    cast(coalesce(sum(case when flows.kind = '{{ kind }}' then flows.quantity end), 0) as decimal(18, 3)) as {{ kind }}_quantity,
    {% endfor -%}
    cast(coalesce(sum(case when flows.kind = 'incoming' then flows.quantity end), 0) as decimal(18, 3)) as incoming_quantity
from cells
left join flows
    on cells.product_id = flows.product_id
    and cells.month = flows.month
group by cells.product_id, cells.month
