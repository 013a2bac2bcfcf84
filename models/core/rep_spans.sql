with

reps as (
    select * from {{ ref('reps') }}
),

history as (
    select * from {{ ref('all_user_history') }}
),

starts as (
    select
        owner_id,
        cast('0001-01-01' as date) as valid_from_on,
        team,
        region,
        manager_id,
        true as is_estimated
    from reps
    union all
    select
        user_id as owner_id,
        valid_from_on,
        team,
        region,
        manager_id,
        false as is_estimated
    from history
)

select
    owner_id,
    valid_from_on,
    lead(valid_from_on, 1, cast('9999-12-31' as date)) over (partition by owner_id order by valid_from_on) as valid_until_on,
    team,
    region,
    manager_id,
    is_estimated
from starts
