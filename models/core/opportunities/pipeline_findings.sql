with

settings as (
    select * from {{ ref('run_settings') }}
),

open_opportunities as (
    select * from {{ ref('opportunities') }}
    where status = 'open'
),

reps as (
    select * from {{ ref('reps') }}
),

spans as (
    select
        opportunity_id,
        valid_from_on,
        status,
        lag(status) over (partition by opportunity_id order by valid_from_on) as previous_status
    from {{ ref('opportunity_spans') }}
),

hierarchy as (
    select hierarchy.*
    from {{ ref('rep_hierarchy') }} as hierarchy
    inner join settings
        on hierarchy.reporting_date = settings.as_of_date
    where hierarchy.distance > 0
),

findings as (
    select
        'open_deal_of_an_owner_who_left' as finding,
        'opportunities' as entity_kind,
        coalesce(reps.owner_name, reps.owner_id) as value
    from open_opportunities
    cross join settings
    inner join reps
        on open_opportunities.owner_id = reps.owner_id
    where reps.left_on <= settings.as_of_date
    union all
    select
        'day_more_than_ten_years_ahead' as finding,
        'opportunities' as entity_kind,
        cast(open_opportunities.close_on as varchar) as value
    from open_opportunities
    cross join settings
    where open_opportunities.close_on > {{ add_months('settings.as_of_date', 120) }}
    union all
    select
        'won_deal_opened_again' as finding,
        'opportunities' as entity_kind,
        spans.opportunity_id as value
    from spans
    inner join settings
        on spans.valid_from_on <= settings.as_of_date
    where spans.previous_status = 'won' and spans.status <> 'won'
    union all
    select
        'cycle_of_managers' as finding,
        'users' as entity_kind,
        coalesce(reps.owner_name, hierarchy.owner_id) as value
    from hierarchy
    inner join hierarchy as reversed
        on hierarchy.owner_id = reversed.manager_id
        and hierarchy.manager_id = reversed.owner_id
    left join reps
        on hierarchy.owner_id = reps.owner_id
)

select
    finding,
    entity_kind,
    value,
    count(*) as records
from findings
group by finding, entity_kind, value
