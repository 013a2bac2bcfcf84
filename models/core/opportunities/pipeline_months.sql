with

deals as (
    select * from {{ ref('pipeline_deals') }}
),

sorted_deals as (
    select
        *,
        status = 'won' as is_won,
        status = 'open' and forecast_category not in ('omitted', 'closed') as is_pipeline
    from deals
)

select
    reporting_date,
    {{ month_of('falls_on') }} as month,
    owner_id,
    product_line,
    {{ money_sum('case when is_won then amount end') }} as won_amount,
    {{ money_sum('case when is_pipeline then amount end') }} as open_amount,
    {{ money_sum('case when is_pipeline then weighted_amount end') }} as open_weighted_amount,
    {{ money_sum("case when is_pipeline and forecast_category = 'commit' then amount end") }} as open_commit_amount,
    {{ money_sum("case when is_pipeline and forecast_category = 'best_case' then amount end") }} as open_best_case_amount,
    {{ money_sum('case when not is_won and not is_pipeline then amount end') }} as omitted_amount,
    count(case when is_won then 1 end) as won_deals,
    count(case when is_pipeline then 1 end) as open_deals,
    bool_or(is_estimated) as is_estimated
from sorted_deals
group by reporting_date, {{ month_of('falls_on') }}, owner_id, product_line
