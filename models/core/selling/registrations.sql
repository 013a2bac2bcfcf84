-- Two registrations of one account are in conflict where both stood at one time for different partners or owners.

with

settings as (
    select * from {{ ref('run_settings') }}
),

registrations as (
    select
        registrations.*,
        cast(registrations.submitted_at as date) as submitted_on,
        case when cast(registrations.decided_at as date) <= settings.as_of_date then registrations.decided_at end as known_decided_at,
        case when cast(registrations.decided_at as date) <= settings.as_of_date then {{ snake_case('registrations.decision') }} end as known_decision,
        settings.as_of_date
    from {{ ref('all_registrations') }} as registrations
    cross join settings
    where cast(registrations.submitted_at as date) <= settings.as_of_date
),

opportunities as (
    select * from {{ ref('opportunities') }}
),

places as (
    select * from {{ ref('rep_spans') }}
),

spans as (
    select
        *,
        case
            when known_decision = 'rejected' then cast(known_decided_at as date)
            else coalesce(valid_until_on, cast('9999-12-31' as date))
        end as stands_until_on
    from registrations
),

conflicts as (
    select distinct spans.registration_id
    from spans
    inner join spans as other
        on spans.account_id = other.account_id
        and spans.registration_id <> other.registration_id
        and spans.submitted_on <= other.stands_until_on
        and spans.stands_until_on >= other.submitted_on
    where
        coalesce(spans.partner_id, '') <> coalesce(other.partner_id, '')
        or coalesce(spans.owner_id, '') <> coalesce(other.owner_id, '')
)

select
    spans.registration_id,
    {{ month_of('spans.submitted_on') }} as month,
    spans.account_id,
    spans.opportunity_id,
    spans.partner_id,
    spans.owner_id,
    coalesce(places.team, '(none)') as team,
    spans.company_name,
    spans.project_name,
    spans.product_line,
    spans.submitted_at,
    spans.known_decided_at as decided_at,
    spans.known_decision as decision,
    spans.submitted_on,
    spans.stands_until_on,
    {{ seconds_between('spans.submitted_at', 'spans.known_decided_at') }} as seconds_to_decision,
    conflicts.registration_id is not null as is_in_conflict,
    coalesce(
        opportunities.lost_on >= spans.submitted_on
        and opportunities.lost_on <= coalesce(cast(spans.known_decided_at as date), spans.as_of_date), false
    ) as is_lost_while_waiting,
    case when spans.known_decided_at is null then {{ days_between('spans.submitted_on', 'spans.as_of_date') }} end as days_waiting,
    spans.file_id,
    spans.row_number
from spans
left join conflicts
    on spans.registration_id = conflicts.registration_id
left join opportunities
    on spans.opportunity_id = opportunities.opportunity_id
left join places
    on spans.owner_id = places.owner_id
    and spans.submitted_on >= places.valid_from_on
    and spans.submitted_on < places.valid_until_on
