{{ config(materialized='table', schema='work') }}

with

spans as (
    select * from {{ ref('working_spans') }}
),

timed as (
    select
        *,
        {{ seconds_between('opens_at', 'closes_at') }} as seconds_open
    from spans
)

select
    day,
    opens_at,
    closes_at,
    coalesce(sum(seconds_open) over (order by opens_at rows between unbounded preceding and 1 preceding), 0) as seconds_before,
    lead(opens_at, 1, cast('9999-12-31' as timestamp)) over (order by opens_at) as next_opens_at
from timed
