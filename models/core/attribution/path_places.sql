{{ config(materialized='view', schema='work') }}

with

steps as (
    select * from {{ ref('journey_steps') }}
    where path_source = 'paths'
)

select
    channel,
    steps,
    step_number = 1 as is_first,
    step_number = steps as is_last,
    step_number = last_step_not_direct as is_last_not_direct,
    last_step_not_direct = 1 as is_first_the_last_not_direct,
    sum(conversions) as conversions,
    sum(value_amount) as value_amount
from steps
group by 1, 2, 3, 4, 5, 6
