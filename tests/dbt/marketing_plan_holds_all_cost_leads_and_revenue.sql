-- The roots of the plan tree hold all cost, leads and booked revenue: no branch is lost and none counts twice, cycle or not.
with roots as (
    select
        {{ money_sum('spent') }} as spent,
        {{ money_sum('booked_amount') }} as booked_amount,
        coalesce(sum(leads), 0) as leads
    from {{ ref('campaign_plan') }}
    where parent_campaign_id is null
),

everything as (
    select
        (select {{ money_sum('cost') }} from {{ ref('spend_daily') }} where spent_on <= (select as_of_date from {{ ref('run_settings') }})) as spent,
        (select {{ money_sum('booked_amount') }} from {{ ref('opportunity_depths') }}) as booked_amount,
        (select count(*) from {{ ref('lead_journeys') }}) as leads
)

select roots.*, everything.spent as cost, everything.booked_amount as booked, everything.leads as all_leads
from roots
cross join everything
where
    roots.spent <> everything.spent
    or roots.booked_amount <> everything.booked_amount
    or roots.leads <> everything.leads
