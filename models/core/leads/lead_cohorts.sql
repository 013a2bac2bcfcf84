{{ config(materialized='view', schema='work') }}

with

outcomes as (
    select * from {{ ref('lead_outcomes') }}
)

select
    {{ lead_grain_columns() }},
    method,
    horizon_days,
    cast(sum(observed) as bigint) as observed,
    cast(sum(converted) as bigint) as converted,
    cast(sum(won) as bigint) as won,
    cast(sum(lost) as bigint) as lost
from outcomes
group by {{ lead_grouping_sets('method, horizon_days') }}
