{{ config(materialized='view', schema='work') }}

-- Everybody above a person, by span of days; a chain longer than 10 steps is a cycle and ends there.

with recursive

spans as (
    select * from {{ ref('rep_spans') }}
    where manager_id is not null and manager_id <> owner_id
),

chains as (
    select
        owner_id,
        manager_id,
        valid_from_on,
        valid_until_on,
        1 as distance
    from spans
    union all
    select
        chains.owner_id,
        spans.manager_id,
        greatest(chains.valid_from_on, spans.valid_from_on) as valid_from_on,
        least(chains.valid_until_on, spans.valid_until_on) as valid_until_on,
        chains.distance + 1 as distance
    from chains
    inner join spans
        on chains.manager_id = spans.owner_id
        and chains.valid_from_on < spans.valid_until_on
        and chains.valid_until_on > spans.valid_from_on
    where
        spans.manager_id <> chains.owner_id
        and chains.distance < 10
)

select * from chains
