{%- set amounts = ['won_amount', 'open_amount', 'open_weighted_amount', 'open_calibrated_amount', 'open_commit_amount', 'open_best_case_amount', 'omitted_amount'] -%}

with

periods as (
    select * from {{ ref('pipeline_periods') }}
),

levels as (
    select * from {{ ref('rep_levels') }}
),

owner_periods as (
    select
        reporting_date,
        period,
        owner_id,
        {%- for amount in amounts %}
        {{ money_sum(amount) }} as {{ amount }},
        {%- endfor %}
        sum(won_deals) as won_deals,
        sum(open_deals) as open_deals,
        bool_or(is_estimated) as is_estimated
    from periods
    group by reporting_date, period, owner_id
),

placed_periods as (
    select
        owner_periods.reporting_date,
        owner_periods.period,
        levels.level,
        levels.level_id,
        {%- for amount in amounts %}
        owner_periods.{{ amount }},
        {%- endfor %}
        owner_periods.won_deals,
        owner_periods.open_deals,
        owner_periods.is_estimated or levels.is_estimated as is_estimated
    from owner_periods
    inner join levels
        on owner_periods.reporting_date = levels.reporting_date
        and owner_periods.owner_id = levels.owner_id
    union all
    select
        reporting_date,
        period,
        'product_line' as level,
        product_line as level_id,
        {%- for amount in amounts %}
        {{ amount }},
        {%- endfor %}
        won_deals,
        open_deals,
        is_estimated
    from periods
)

select
    reporting_date,
    period,
    level,
    level_id,
    {%- for amount in amounts %}
    {{ money_sum(amount) }} as {{ amount }},
    {%- endfor %}
    cast(sum(won_deals) as bigint) as won_deals,
    cast(sum(open_deals) as bigint) as open_deals,
    bool_or(is_estimated) as is_estimated
from placed_periods
group by reporting_date, period, level, level_id
