-- A version counts once it is known; of the versions known, the newest that covers a day holds on it.

with

versions as (
    select * from {{ ref('commission_plan_versions') }}
),

known_days as (
    select distinct
        plan_id,
        known_on
    from versions
),

states as (
    select
        plan_id,
        known_on,
        lead(known_on, 1, cast('9999-12-31' as date)) over (partition by plan_id order by known_on) as known_until_on
    from known_days
),

known_versions as (
    select
        states.plan_id,
        states.known_on,
        states.known_until_on,
        versions.plan_version,
        versions.valid_from_on,
        versions.valid_until_on
    from states
    inner join versions
        on states.plan_id = versions.plan_id
        and states.known_on >= versions.known_on
    where versions.valid_from_on < versions.valid_until_on
)

{{ winning_spans('known_versions', ['plan_id', 'known_on', 'known_until_on'], ['plan_version'], 'covering.plan_version desc') }}
