-- The company is the sum of its reps and the sum of its product lines, on every date and in every period.
{%- set amounts = ['won_amount', 'open_amount', 'calibrated_amount', 'open_weighted_amount', 'omitted_amount', 'commit_amount', 'best_case_amount', 'won_deals', 'open_deals'] %}

select
    reporting_date,
    period
from {{ ref('pipeline_forecast') }}
group by reporting_date, period
having
    {%- for amount in amounts %}
    {%- for level in ['rep', 'product_line'] %}
    sum(case when level = 'company' then {{ amount }} else 0 end) <> sum(case when level = '{{ level }}' then {{ amount }} else 0 end)
    {{ 'or' if not loop.last }}
    {%- endfor %}
    {{ 'or' if not loop.last }}
    {%- endfor %}
