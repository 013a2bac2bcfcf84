{{ config(materialized='view', schema='work') }}

with

steps as (
    select * from {{ ref('journey_steps') }}
),

moves as (
    select
        path_source,
        '(start)' as from_state,
        channel as to_state,
        conversions + nulls as journeys
    from steps
    where step_number = 1
    union all
    select
        path_source,
        channel as from_state,
        next_channel as to_state,
        conversions + nulls as journeys
    from steps
    where next_channel is not null
    union all
    select
        path_source,
        channel as from_state,
        '(conversion)' as to_state,
        conversions as journeys
    from steps
    where next_channel is null
    union all
    select
        path_source,
        channel as from_state,
        '(null)' as to_state,
        nulls as journeys
    from steps
    where next_channel is null
)

select
    path_source,
    from_state,
    to_state,
    cast(sum(journeys) as decimal(28, 6)) as journeys
from moves
group by path_source, from_state, to_state
having sum(journeys) > 0
