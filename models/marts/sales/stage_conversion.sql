with

stays as (
    select * from {{ ref('stage_stays') }}
),

counts as (
    select
        stage,
        product_line,
        count(*) as entered,
        count(case when is_advanced then 1 end) as advanced,
        count(case when is_lost then 1 end) as lost,
        percentile_cont(0.5) within group (order by cast(case when is_left then days_in_stage end as double)) as median_days,
        percentile_cont(0.8) within group (order by cast(case when is_left then days_in_stage end as double)) as p80_days
    from stays
    group by stage, product_line
)

select
    stage,
    product_line,
    entered,
    advanced,
    lost,
    cast(median_days as decimal(18, 1)) as median_days,
    cast(p80_days as decimal(18, 1)) as p80_days,
    {{ ratio('advanced', 'entered') }} as conversion_rate,
    {{ wilson_low('advanced', 'entered') }} as conversion_low,
    {{ wilson_high('advanced', 'entered') }} as conversion_high
from counts
