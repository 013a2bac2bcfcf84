{%- set sums = ['won_amount', 'open_amount', 'open_weighted_amount', 'open_commit_amount', 'open_best_case_amount', 'omitted_amount'] -%}

with

months as (
    select * from {{ ref('pipeline_months') }}
),

periods as (
    select * from {{ ref('forecast_periods') }}
),

calibrated_periods as (
    select * from {{ ref('calibrated_periods') }}
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
),

sums as (
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
)

select
    sums.*,
    cast(coalesce(calibrated_periods.open_calibrated_amount, 0) as decimal(18, 2)) as open_calibrated_amount
from sums
left join calibrated_periods
    on sums.reporting_date = calibrated_periods.reporting_date
    and sums.period = calibrated_periods.period
    and sums.owner_id = calibrated_periods.owner_id
    and sums.product_line = calibrated_periods.product_line
