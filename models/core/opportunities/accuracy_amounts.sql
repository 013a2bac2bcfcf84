{{ config(schema='work') }}

with

periods as (
    select * from {{ ref('accuracy_periods') }}
),

wins as (
    select * from {{ ref('accuracy_wins') }}
),

deals as (
    select * from {{ ref('calibrated_deals') }}
),

parts as (
    select
        period,
        weeks_left,
        reporting_date,
        owner_id,
        product_line,
        amount as stage,
        amount as calibrated,
        amount as commit,
        amount as best_case
    from wins
    union all
    select
        periods.period,
        periods.weeks_left,
        periods.reporting_date,
        deals.owner_id,
        deals.product_line,
        deals.weighted_amount as stage,
        {{ money_times('deals.amount', 'deals.probability') }} as calibrated,
        case when deals.forecast_category = 'commit' then deals.amount else 0 end as commit,
        case when deals.forecast_category in ('commit', 'best_case') then deals.amount else 0 end as best_case
    from periods
    inner join deals
        on periods.reporting_date = deals.reporting_date
        and periods.period = deals.period
)

{% for method in ['stage', 'calibrated', 'commit', 'best_case'] -%}
select
    period,
    weeks_left,
    reporting_date,
    owner_id,
    product_line,
    '{{ method }}' as method,
    {{ money_sum(method) }} as amount
from parts
group by period, weeks_left, reporting_date, owner_id, product_line
{{ 'union all' if not loop.last }}
{% endfor -%}
