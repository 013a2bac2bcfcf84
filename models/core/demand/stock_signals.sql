{{ config(materialized='view', schema='work') }}

-- By what was known the evening before a month: what is promised and expected for it and the next, and what had shipped in three months.

with

dates as (
    select
        reporting_date,
        {{ add_months(month_of('reporting_date'), 1) }} as month,
        {{ add_months(month_of('reporting_date'), 2) }} as next_month
    from {{ ref('demand_dates') }}
    where reporting_date = last_day(reporting_date)
),

shipped as (
    select * from {{ ref('shipped_quantities') }}
),

backlog as (
    select * from {{ ref('backlog_quantities') }}
),

demand as (
    select * from {{ ref('expected_demand') }}
),

orders as (
    select
        dates.month,
        backlog.product_id,
        sum(backlog.backlog_quantity) as quantity,
        sum(backlog.repeat_quantity) as repeat_quantity
    from dates
    inner join backlog
        on dates.reporting_date = backlog.reporting_date
        and dates.next_month >= backlog.month
    group by dates.month, backlog.product_id
),

deals as (
    select
        dates.month,
        demand.product_id,
        sum(demand.expected_quantity) as quantity
    from dates
    inner join demand
        on dates.reporting_date = demand.reporting_date
        and dates.next_month >= demand.month
    group by dates.month, demand.product_id
),

before as (
    select
        dates.month,
        shipped.product_id,
        sum(shipped.shipped_quantity) as quantity,
        sum(shipped.repeat_quantity) as repeat_quantity
    from dates
    inner join shipped
        on dates.month > shipped.month
        and {{ add_months('dates.month', -3) }} <= shipped.month
    group by dates.month, shipped.product_id
)

{% for kind, relation, quantity in [
    ('ordered', 'orders', 'quantity'),
    ('ordered_again', 'orders', 'repeat_quantity'),
    ('expected', 'deals', 'quantity'),
    ('shipped', 'before', 'quantity'),
    ('shipped_again', 'before', 'repeat_quantity'),
] -%}
select
    month,
    product_id,
    '{{ kind }}' as kind,
    {{ quantity }} as quantity
from {{ relation }}
{{ 'union all' if not loop.last }}
{% endfor %}
