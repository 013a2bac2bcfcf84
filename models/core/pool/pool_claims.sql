{{ config(materialized='view', schema='work') }}

with

entries as (
    select * from {{ ref('pool_entries') }}
),

leads as (
    select * from {{ ref('leads') }}
),

rules as (
    select
        *,
        coalesce(business_unit, '*') || ' · ' || coalesce(product_line, '*') || ' · ' || coalesce(grade, '*') as rule,
        case when business_unit is null then 0 else 104 end
        + case when product_line is null then 0 else 102 end
        + case when grade is null then 0 else 101 end as precedence
    from {{ ref('pool_rules') }}
),

{# Two hand-outs on one day are one claim, the later owner's. #}
daily_entries as (
    select *
    from entries
    qualify row_number() over (partition by entity_kind, entity_id, claimed_on order by occurred_at desc, owner_id asc) = 1
),

claims as (
    select
        daily_entries.*,
        leads.business_unit,
        leads.product_line,
        leads.grade,
        lead(daily_entries.claimed_on) over (
            partition by daily_entries.entity_kind, daily_entries.entity_id
            order by daily_entries.claimed_on
        ) as next_claimed_on,
        lead(daily_entries.kind) over (
            partition by daily_entries.entity_kind, daily_entries.entity_id
            order by daily_entries.claimed_on
        ) as next_kind
    from daily_entries
    left join leads
        on daily_entries.entity_kind = 'lead'
        and daily_entries.entity_id = leads.lead_id
)

select
    claims.*,
    rules.rule,
    rules.claim_cap,
    rules.extension_days,
    {{ add_days('claims.claimed_on', 'rules.protection_days') }} as protected_until_on,
    {{ add_days('claims.claimed_on', 'rules.maximum_days') }} as latest_end_on
from claims
inner join rules
    on coalesce(rules.business_unit, claims.business_unit, '') = coalesce(claims.business_unit, '')
    and coalesce(rules.product_line, claims.product_line, '') = coalesce(claims.product_line, '')
    and coalesce(rules.grade, claims.grade, '') = coalesce(claims.grade, '')
qualify
    row_number() over (
        partition by claims.entity_kind, claims.entity_id, claims.claimed_on
        order by rules.precedence desc
    ) = 1
