{%- set sums = ['won_amount', 'open_amount', 'open_weighted_amount', 'open_commit_amount', 'open_best_case_amount', 'omitted_amount'] -%}

with

months as (
    select * from {{ ref('pipeline_months') }}
),

periods as (
    select * from {{ ref('forecast_periods') }}
),

placed_months as (
    select
        months.*,
        periods.period
    from months
    inner join periods
        on months.reporting_date = periods.reporting_date
        and months.month between periods.starts_on and periods.ends_on
    union all
    select
        months.*,
        'undated' as period
    from months
    where month is null
    union all
    select
        months.*,
        'all' as period
    from months
)

select
    reporting_date,
    period,
    owner_id,
    product_line,
    {%- for amount in sums %}
    {{ money_sum(amount) }} as {{ amount }},
    {%- endfor %}
    cast(sum(won_deals) as bigint) as won_deals,
    cast(sum(open_deals) as bigint) as open_deals,
    bool_or(is_estimated) as is_estimated
from placed_months
group by reporting_date, period, owner_id, product_line
