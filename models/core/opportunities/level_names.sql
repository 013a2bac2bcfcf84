with

levels as (
    select * from {{ ref('rep_levels') }}
),

reps as (
    select * from {{ ref('reps') }}
),

people as (
    select distinct
        level,
        level_id
    from levels
    where level in ('rep', 'manager')
)

select
    people.level,
    people.level_id,
    coalesce(reps.owner_name, nullif(substr(people.level_id, length({{ source_of('people.level_id') }}) + 2), ''), people.level_id) as level_name
from people
left join reps
    on people.level_id = reps.owner_id
