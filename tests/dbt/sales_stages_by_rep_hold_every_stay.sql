-- Of each stage the owners together entered, advanced and lost as many deals as the product lines together.
with

reps as (
    select
        stage,
        sum(entered) as entered,
        sum(advanced) as advanced,
        sum(lost) as lost
    from {{ ref('stage_conversion_reps') }}
    group by stage
),

product_lines as (
    select
        stage,
        sum(entered) as entered,
        sum(advanced) as advanced,
        sum(lost) as lost
    from {{ ref('stage_conversion') }}
    group by stage
)

select
    coalesce(reps.stage, product_lines.stage) as stage,
    reps.entered as entered_by_reps,
    product_lines.entered as entered_by_lines
from reps
full outer join product_lines
    on reps.stage = product_lines.stage
where
    coalesce(reps.entered, -1) <> coalesce(product_lines.entered, -1)
    or coalesce(reps.advanced, -1) <> coalesce(product_lines.advanced, -1)
    or coalesce(reps.lost, -1) <> coalesce(product_lines.lost, -1)
