with

settings as (
    select * from {{ ref('run_settings') }}
),

claims as (
    select * from {{ ref('pool_claims') }}
),

extensions as (
    select * from {{ ref('pool_extensions') }}
),

decisions as (
    select * from {{ ref('pool_decisions') }}
),

ends as (
    select
        claims.*,
        extensions.last_active_on,
        least(
            claims.latest_end_on,
            greatest(claims.protected_until_on, coalesce(extensions.extended_until_on, claims.protected_until_on))
        ) as ends_on,
        decisions.decided_on,
        decisions.won_on
    from claims
    left join extensions
        on claims.entity_kind = extensions.entity_kind
        and claims.entity_id = extensions.entity_id
        and claims.claimed_on = extensions.claimed_on
    left join decisions
        on claims.entity_kind = decisions.entity_kind
        and claims.entity_id = decisions.entity_id
),

outcomes as (
    select
        ends.*,
        case
            when ends.decided_on < ends.claimed_on then 'decided before'
            when ends.decided_on <= least(ends.ends_on, coalesce(ends.next_claimed_on, ends.ends_on)) then 'decided'
            when ends.next_claimed_on <= ends.ends_on then 'handed on'
            when ends.ends_on <= settings.as_of_date then 'recycled'
            else 'protected'
        end as outcome
    from ends
    cross join settings
)

select
    entity_kind || ' ' || entity_id || ' ' || cast(claimed_on as varchar) as stay_id,
    entity_kind,
    entity_id,
    coalesce(business_unit, '(none)') as business_unit,
    rule,
    coalesce(owner_id, '(none)') as owner_id,
    claimed_on,
    kind as claimed_by,
    last_active_on,
    protected_until_on,
    ends_on,
    latest_end_on,
    claim_cap,
    outcome,
    case when outcome = 'recycled' then ends_on end as recycled_on,
    case when outcome = 'recycled' then next_claimed_on end as claimed_again_on,
    coalesce(outcome = 'recycled' and won_on > ends_on, false) as is_won_after,
    {#- The day from which the owner holds it no longer. #}
    case
        when outcome = 'decided before' then claimed_on
        when outcome = 'decided' then decided_on
        when outcome = 'handed on' then next_claimed_on
        else {{ add_days('ends_on', 1) }}
    end as held_until_on,
    file_id,
    row_number
from outcomes
