-- The funnel, the full cohorts, their roll-up and the leads themselves count the same leads.
with counted as (
    select 'leads' as place, count(*) as leads, count(converted_on) as converted, count(won_on) as won from {{ ref('lead_journeys') }}
    union all
    select 'funnel', coalesce(sum(created), 0), coalesce(sum(converted), 0), coalesce(sum(won), 0) from {{ ref('lead_funnel') }}
    union all
    select 'full cohorts', coalesce(sum(observed), 0), coalesce(sum(converted), 0), coalesce(sum(won), 0)
    from {{ ref('lead_conversion') }}
    where method = 'to_date' and grain = 'full'
    union all
    select 'all cohorts', coalesce(sum(observed), 0), coalesce(sum(converted), 0), coalesce(sum(won), 0)
    from {{ ref('lead_conversion') }}
    where method = 'to_date' and grain = 'all'
    union all
    select 'leads at risk', coalesce(max(observed), 0), null, null
    from {{ ref('lead_conversion') }}
    where method = 'incidence' and grain = 'all'
)

select * from counted
where
    leads <> (select leads from counted where place = 'leads')
    or converted <> (select converted from counted where place = 'leads')
    or won <> (select won from counted where place = 'leads')
