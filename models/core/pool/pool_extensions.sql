{{ config(materialized='view', schema='work') }}

{#- The end moves with each activity that still finds the claim protected: the first that comes later finds it gone. #}

with

claims as (
    select * from {{ ref('pool_claims') }}
),

settings as (
    select * from {{ ref('run_settings') }}
),

activities as (
    select * from {{ ref('all_activities') }}
    where direction = 'out'
),

days as (
    select distinct
        'lead' as entity_kind,
        lead_id as entity_id,
        cast(occurred_at as date) as active_on
    from activities
    where lead_id is not null
    union distinct
    select distinct
        'account' as entity_kind,
        account_id as entity_id,
        cast(occurred_at as date) as active_on
    from activities
    where account_id is not null
),

extensions as (
    select
        claims.entity_kind,
        claims.entity_id,
        claims.claimed_on,
        claims.protected_until_on,
        claims.latest_end_on,
        days.active_on,
        {{ add_days('days.active_on', 'claims.extension_days') }} as extended_until_on
    from claims
    cross join settings
    inner join days
        on claims.entity_kind = days.entity_kind
        and claims.entity_id = days.entity_id
        and claims.claimed_on <= days.active_on
        and least(claims.latest_end_on, settings.as_of_date) >= days.active_on
),

ends_before as (
    select
        *,
        greatest(
            protected_until_on,
            coalesce(
                max(extended_until_on) over (
                    partition by entity_kind, entity_id, claimed_on
                    order by active_on
                    rows between unbounded preceding and 1 preceding
                ),
                protected_until_on
            )
        ) as end_before_on
    from extensions
),

lapses as (
    select
        *,
        min(case when active_on > end_before_on then active_on end) over (partition by entity_kind, entity_id, claimed_on) as lapsed_by_on
    from ends_before
)

select
    entity_kind,
    entity_id,
    claimed_on,
    max(extended_until_on) as extended_until_on,
    max(active_on) as last_active_on
from lapses
where active_on < coalesce(lapsed_by_on, cast('9999-12-31' as date))
group by entity_kind, entity_id, claimed_on
