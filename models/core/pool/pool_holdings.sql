{{ config(materialized='view', schema='work') }}

with

stays as (
    select * from {{ ref('pool_stays') }}
    where entity_kind = 'lead' and held_until_on > claimed_on
),

changes as (
    select
        stay_id,
        owner_id,
        claim_cap,
        claimed_on as day,
        1 as change
    from stays
    union all
    select
        stay_id,
        owner_id,
        claim_cap,
        held_until_on as day,
        -1 as change
    from stays
),

held as (
    select
        *,
        sum(change) over (partition by owner_id order by day, change, stay_id rows between unbounded preceding and current row) as leads_held
    from changes
)

select
    stay_id,
    leads_held,
    coalesce(leads_held > claim_cap, false) as is_over_cap
from held
where change = 1
