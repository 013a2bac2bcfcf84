with

settings as (
    select * from {{ ref('run_settings') }}
),

stays as (
    select * from {{ ref('pool_stays') }}
),

leads as (
    select * from {{ ref('leads') }}
),

reps as (
    select * from {{ ref('reps') }}
)

select
    stays.entity_id as lead_id,
    leads.company_name,
    leads.person_name,
    stays.business_unit,
    coalesce(leads.grade, '(none)') as grade,
    stays.owner_id,
    coalesce(reps.owner_name, stays.owner_id) as owner_name,
    stays.rule,
    stays.claimed_on,
    stays.last_active_on,
    stays.ends_on,
    {{ days_between('settings.as_of_date', 'stays.ends_on') }} as days_left,
    stays.latest_end_on,
    stays.ends_on = stays.latest_end_on as is_final,
    stays.file_id,
    stays.row_number
from stays
cross join settings
inner join leads
    on stays.entity_id = leads.lead_id
left join reps
    on stays.owner_id = reps.owner_id
where stays.entity_kind = 'lead' and stays.outcome = 'protected'
