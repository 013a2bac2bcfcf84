with

settings as (
    select * from {{ ref('run_settings') }}
),

dates as (
    select * from {{ ref('state_dates') }}
),

reps as (
    select * from {{ ref('reps') }}
),

spans as (
    select * from {{ ref('rep_spans') }}
),

deals as (
    select * from {{ ref('opportunity_spans') }}
),

hierarchy as (
    select * from {{ ref('rep_hierarchy') }}
),

owners as (
    select owner_id from reps
    union distinct
    select coalesce(owner_id, '(none)') as owner_id from deals
),

placed_owners as (
    select
        dates.reporting_date,
        owners.owner_id,
        coalesce(spans.team, '(none)') as team,
        coalesce(spans.region, '(none)') as region,
        coalesce(spans.is_estimated, false) and dates.reporting_date < settings.as_of_date as is_estimated
    from dates
    cross join settings
    cross join owners
    left join spans
        on owners.owner_id = spans.owner_id
        and dates.reporting_date >= spans.valid_from_on
        and dates.reporting_date < spans.valid_until_on
),

managers as (
    select distinct
        reporting_date,
        manager_id
    from hierarchy
    where distance > 0
)

select
    reporting_date,
    owner_id,
    'rep' as level,
    owner_id as level_id,
    false as is_estimated
from placed_owners
union all
select
    reporting_date,
    owner_id,
    'team' as level,
    team as level_id,
    is_estimated
from placed_owners
union all
select
    reporting_date,
    owner_id,
    'region' as level,
    region as level_id,
    is_estimated
from placed_owners
union all
select
    reporting_date,
    owner_id,
    'company' as level,
    'company' as level_id,
    false as is_estimated
from placed_owners
union all
select
    hierarchy.reporting_date,
    hierarchy.owner_id,
    'manager' as level,
    hierarchy.manager_id as level_id,
    placed_owners.is_estimated
from hierarchy
inner join managers
    on hierarchy.reporting_date = managers.reporting_date
    and hierarchy.manager_id = managers.manager_id
inner join placed_owners
    on hierarchy.reporting_date = placed_owners.reporting_date
    and hierarchy.owner_id = placed_owners.owner_id
