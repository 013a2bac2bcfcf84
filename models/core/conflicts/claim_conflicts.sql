{{ config(materialized='view', schema='work') }}

with

claims as (
    select * from {{ ref('account_claims') }}
),

overlapping as (
    select
        first_claims.customer_id,
        coalesce(first_claims.account_id, second_claims.account_id) as account_id,
        coalesce(first_claims.cluster_id, second_claims.cluster_id) as cluster_id,
        case
            when first_claims.partner_id <> second_claims.partner_id then 'partners'
            when
                'lead' not in (first_claims.claim, second_claims.claim)
                and coalesce(first_claims.partner_id, '') <> coalesce(second_claims.partner_id, '') then 'direct_and_partner'
            when first_claims.owner_id <> second_claims.owner_id then 'owners'
        end as kind,
        {%- for place in ['first', 'second'] %}
        {{ place }}_claims.claim as {{ place }}_claim,
        {{ place }}_claims.claim_id as {{ place }}_claim_id,
        {{ place }}_claims.owner_id as {{ place }}_owner_id,
        {{ place }}_claims.partner_id as {{ place }}_partner_id,
        {{ place }}_claims.registration_id as {{ place }}_registration_id,
        {{ place }}_claims.opportunity_id as {{ place }}_opportunity_id,
        {{ place }}_claims.amount as {{ place }}_amount,
        {{ place }}_claims.starts_at as {{ place }}_at,
        {%- endfor %}
        second_claims.starts_on as overlaps_from_on,
        least(first_claims.ends_on, second_claims.ends_on) as overlaps_until_on
    from claims as first_claims
    inner join claims as second_claims
        on first_claims.customer_id = second_claims.customer_id
        and (
            first_claims.starts_at < second_claims.starts_at
            or (
                first_claims.starts_at = second_claims.starts_at
                and first_claims.claim || first_claims.claim_id < second_claims.claim || second_claims.claim_id
            )
        )
        and first_claims.ends_on > second_claims.starts_on
    {#- A registration and the deal that it registers are one claim, and so is a lead and what became of it. #}
    where
        first_claims.claim = second_claims.claim
        or first_claims.opportunity_id is null
        or first_claims.opportunity_id <> coalesce(second_claims.opportunity_id, '')
)

select
    *,
    least(first_owner_id || ' ' || coalesce(first_partner_id, ''), second_owner_id || ' ' || coalesce(second_partner_id, '')) as one_party,
    greatest(first_owner_id || ' ' || coalesce(first_partner_id, ''), second_owner_id || ' ' || coalesce(second_partner_id, '')) as other_party
from overlapping
where kind is not null
