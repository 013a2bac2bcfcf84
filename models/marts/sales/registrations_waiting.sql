with

settings as (
    select * from {{ ref('run_settings') }}
),

registrations as (
    select * from {{ ref('registrations') }}
    where decided_at is null
),

accounts as (
    select * from {{ ref('accounts') }}
),

reps as (
    select * from {{ ref('reps') }}
),

places as (
    select * from {{ ref('rep_spans') }}
)

select
    registrations.registration_id,
    registrations.submitted_at,
    registrations.days_waiting,
    registrations.account_id,
    coalesce(accounts.account_name, registrations.company_name) as account_name,
    registrations.project_name,
    coalesce(registrations.product_line, '(none)') as product_line,
    registrations.partner_id,
    partners.account_name as partner_name,
    registrations.owner_id,
    coalesce(reps.owner_name, registrations.owner_id, '(none)') as owner_name,
    registrations.team,
    registrations.opportunity_id,
    registrations.is_in_conflict,
    registrations.is_lost_while_waiting,
    coalesce(places.manager_id, registrations.owner_id) as tell_user_id,
    coalesce(managers.owner_name, places.manager_id, reps.owner_name, registrations.owner_id) as tell_user_name,
    registrations.file_id,
    registrations.row_number
from registrations
cross join settings
left join accounts
    on registrations.account_id = accounts.account_id
left join accounts as partners
    on registrations.partner_id = partners.account_id
left join reps
    on registrations.owner_id = reps.owner_id
left join places
    on registrations.owner_id = places.owner_id
    and settings.as_of_date >= places.valid_from_on
    and settings.as_of_date < places.valid_until_on
left join reps as managers
    on places.manager_id = managers.owner_id
