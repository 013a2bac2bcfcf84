-- A version counts once it is known; of the versions known, the newest that covers a day holds on it. An end that only a later
-- version sets counts once that one is known: until then the version before it went on.

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
        max(case when successors.plan_id is null then versions.valid_until_on else cast('9999-12-31' as date) end) as valid_until_on
    from states
    inner join versions
        on states.plan_id = versions.plan_id
        and states.known_on >= versions.known_on
    left join versions as successors
        on versions.plan_id = successors.plan_id
        and versions.valid_until_on = successors.valid_from_on
        and states.known_on < successors.known_on
    where versions.valid_from_on < versions.valid_until_on
    group by states.plan_id, states.known_on, states.known_until_on, versions.plan_version, versions.valid_from_on
)

{{ winning_spans('known_versions', ['plan_id', 'known_on', 'known_until_on'], ['plan_version'], 'covering.plan_version desc') }}
