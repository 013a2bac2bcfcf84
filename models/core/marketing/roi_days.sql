{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

spend_daily as (
    select * from {{ ref('spend_daily') }}
),

revenue_credits as (
    select * from {{ ref('revenue_credits') }}
),

models as (
    select * from {{ ref('attribution_models') }}
),

bases as (
    select 'period' as basis
    union all
    select 'cohort' as basis
)

select
    bases.basis,
    {{ month_of('spend_daily.spent_on') }} as month,
    spend_daily.campaign_id,
    spend_daily.channel,
    models.model,
    spend_daily.spent_on as moved_on,
    spend_daily.cost,
    cast(0 as decimal(18, 2)) as collected_amount
from spend_daily
cross join bases
cross join models
inner join settings on spend_daily.spent_on <= settings.as_of_date
union all
select
    bases.basis,
    {{ month_of("case when bases.basis = 'period' then revenue_credits.moved_on else revenue_credits.cohort_on end") }} as month,
    revenue_credits.campaign_id,
    revenue_credits.channel,
    revenue_credits.model,
    revenue_credits.moved_on,
    cast(0 as decimal(18, 2)) as cost,
    revenue_credits.amount as collected_amount
from revenue_credits
cross join bases
where revenue_credits.depth = 'collected'
