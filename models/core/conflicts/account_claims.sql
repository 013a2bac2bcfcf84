{%- set never = "cast('9999-12-31' as date)" -%}
with

settings as (
    select * from {{ ref('run_settings') }}
),

leads as (
    select * from {{ ref('lead_holdings') }}
),

registrations as (
    select * from {{ ref('registrations') }}
),

opportunities as (
    select opportunities.*
    from {{ ref('opportunities') }} as opportunities
    cross join settings
    where opportunities.created_on <= settings.as_of_date
),

own_registrations as (
    select
        opportunities.opportunity_id,
        registrations.registration_id
    from opportunities
    inner join registrations
        on opportunities.opportunity_id = registrations.opportunity_id
        and coalesce(opportunities.partner_id, '') = coalesce(registrations.partner_id, '')
    qualify
        row_number() over (
            partition by opportunities.opportunity_id
            order by registrations.submitted_at, registrations.registration_id
        ) = 1
),

claims as (
    select
        'lead' as claim,
        lead_id as claim_id,
        coalesce(account_id, cluster_id) as customer_id,
        account_id,
        cluster_id,
        owner_id,
        cast(null as varchar) as partner_id,
        cast(null as varchar) as registration_id,
        cast(null as varchar) as opportunity_id,
        starts_at,
        ends_on,
        file_id,
        row_number
    from leads
    union all
    select
        'registration' as claim,
        registration_id as claim_id,
        account_id as customer_id,
        account_id,
        cast(null as varchar) as cluster_id,
        owner_id,
        partner_id,
        registration_id,
        opportunity_id,
        submitted_at as starts_at,
        case when stands_until_on < {{ never }} then {{ add_days('stands_until_on', 1) }} else {{ never }} end as ends_on,
        file_id,
        row_number
    from registrations
    where account_id is not null
    union all
    select
        'opportunity' as claim,
        opportunities.opportunity_id as claim_id,
        opportunities.account_id as customer_id,
        opportunities.account_id,
        cast(null as varchar) as cluster_id,
        opportunities.owner_id,
        opportunities.partner_id,
        own_registrations.registration_id,
        opportunities.opportunity_id,
        opportunities.created_at as starts_at,
        coalesce(opportunities.closed_on, {{ never }}) as ends_on,
        opportunities.file_id,
        opportunities.row_number
    from opportunities
    left join own_registrations on opportunities.opportunity_id = own_registrations.opportunity_id
    where opportunities.account_id is not null
)

select
    claims.*,
    cast(claims.starts_at as date) as starts_on,
    coalesce(deals.amount, 0) as amount
from claims
left join opportunities as deals on claims.opportunity_id = deals.opportunity_id
where cast(claims.starts_at as date) < claims.ends_on and claims.owner_id is not null
