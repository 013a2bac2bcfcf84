with

settings as (
    select * from {{ ref('run_settings') }}
),

conflicts as (
    select * from {{ ref('claim_conflicts') }}
),

amounts as (
    select * from {{ ref('conflict_amounts') }}
),

accounts as (
    select * from {{ ref('accounts') }}
),

reps as (
    select * from {{ ref('reps') }}
),

leads as (
    select * from {{ ref('leads') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_id, kind, one_party, other_party
            order by overlaps_from_on, first_at, first_claim_id, second_claim_id
        ) as place,
        max(overlaps_until_on) over (partition by customer_id, kind, one_party, other_party) as last_until_on
    from conflicts
)

select
    ranked.customer_id,
    coalesce(ranked.account_id, '(none)') as account_id,
    coalesce(accounts.account_name, leads.company_name, ranked.customer_id) as account_name,
    ranked.cluster_id,
    ranked.kind,
    ranked.first_owner_id,
    coalesce(first_reps.owner_name, ranked.first_owner_id) as first_owner_name,
    ranked.second_owner_id,
    coalesce(second_reps.owner_name, ranked.second_owner_id) as second_owner_name,
    ranked.first_partner_id,
    first_partners.account_name as first_partner_name,
    ranked.second_partner_id,
    second_partners.account_name as second_partner_name,
    ranked.first_claim,
    ranked.first_claim_id,
    ranked.second_claim,
    ranked.second_claim_id,
    ranked.first_registration_id,
    ranked.second_registration_id,
    ranked.first_at,
    ranked.second_at,
    ranked.overlaps_from_on,
    case when ranked.last_until_on <= settings.as_of_date then ranked.last_until_on end as overlaps_until_on,
    ranked.last_until_on > settings.as_of_date as is_standing,
    coalesce(amounts.amount, 0) as amount
from ranked
cross join settings
left join amounts
    on ranked.customer_id = amounts.customer_id
    and ranked.kind = amounts.kind
    and ranked.one_party = amounts.one_party
    and ranked.other_party = amounts.other_party
left join accounts on ranked.account_id = accounts.account_id
left join accounts as first_partners on ranked.first_partner_id = first_partners.account_id
left join accounts as second_partners on ranked.second_partner_id = second_partners.account_id
left join reps as first_reps on ranked.first_owner_id = first_reps.owner_id
left join reps as second_reps on ranked.second_owner_id = second_reps.owner_id
left join leads on ranked.cluster_id = leads.lead_id
where ranked.place = 1
