with

open_deals as (
    select deals.*
    from {{ ref('pipeline_deals') }} as deals
    inner join {{ ref('pipeline_dates') }} as dates
        on deals.reporting_date = dates.reporting_date
),

won_months as (
    select * from {{ ref('won_months') }}
),

open_months as (
    select
        reporting_date,
        {{ month_of('close_on') }} as month,
        owner_id,
        product_line,
        {{ money_sum('case when is_forecast then amount end') }} as open_amount,
        {{ money_sum('case when is_forecast then weighted_amount end') }} as open_weighted_amount,
        {{ money_sum("case when forecast_category = 'commit' then amount end") }} as open_commit_amount,
        {{ money_sum("case when forecast_category = 'best_case' then amount end") }} as open_best_case_amount,
        {{ money_sum('case when not is_forecast then amount end') }} as omitted_amount,
        count(case when is_forecast then 1 end) as open_deals,
        bool_or(is_estimated) as is_estimated
    from open_deals
    group by reporting_date, {{ month_of('close_on') }}, owner_id, product_line
)

select
    coalesce(open_months.reporting_date, won_months.reporting_date) as reporting_date,
    coalesce(open_months.month, won_months.month) as month,
    coalesce(open_months.owner_id, won_months.owner_id) as owner_id,
    coalesce(open_months.product_line, won_months.product_line) as product_line,
    {%- for amount in ['open_amount', 'open_weighted_amount', 'open_commit_amount', 'open_best_case_amount', 'omitted_amount'] %}
    cast(coalesce(open_months.{{ amount }}, 0) as decimal(18, 2)) as {{ amount }},
    {%- endfor %}
    cast(coalesce(won_months.won_amount, 0) as decimal(18, 2)) as won_amount,
    coalesce(open_months.open_deals, 0) as open_deals,
    coalesce(won_months.won_deals, 0) as won_deals,
    coalesce(open_months.is_estimated, false) or coalesce(won_months.is_estimated, false) as is_estimated
from open_months
full outer join won_months
    on open_months.reporting_date = won_months.reporting_date
    and open_months.month = won_months.month
    and open_months.owner_id = won_months.owner_id
    and open_months.product_line = won_months.product_line
