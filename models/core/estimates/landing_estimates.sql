with

cents as (
    select * from {{ ref('landing_cents') }}
)

select
    reporting_date,
    period,
    level,
    {%- for quantile in ['landing_p10', 'landing_p50', 'landing_p90'] %}
    cast(cast({{ quantile }}_cents as decimal(20, 0)) * cast(0.01 as decimal(3, 2)) as decimal(18, 2)) as {{ quantile }},
    {%- endfor %}
    level_id
from cents
