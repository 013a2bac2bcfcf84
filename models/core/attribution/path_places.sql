{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

steps as (
    select * from {{ ref('journey_steps') }}
    where path_source = 'paths'
),

path_ends as (
    select
        steps.path,
        max(steps.step_number) as steps,
        coalesce(
            max(case when steps.channel <> 'direct' and settings.direct_rule = 'last_non_direct' then steps.step_number end),
            max(steps.step_number)
        ) as last_step_not_direct
    from steps
    cross join settings
    group by 1
)

{# Steps of one channel with the same roles in paths of one length are alike: few rows, however many paths. #}
select
    steps.channel,
    path_ends.steps,
    steps.step_number = 1 as is_first,
    steps.step_number = path_ends.steps as is_last,
    steps.step_number = path_ends.last_step_not_direct as is_last_not_direct,
    path_ends.last_step_not_direct = 1 as is_first_the_last_not_direct,
    sum(steps.conversions) as conversions,
    sum(steps.value_amount) as value_amount
from steps
inner join path_ends on steps.path = path_ends.path
group by 1, 2, 3, 4, 5, 6
