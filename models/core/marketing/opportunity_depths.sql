{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

paths as (
    select * from {{ ref('opportunity_paths') }}
),

opportunities as (
    select * from {{ ref('opportunities') }}
)

select
    paths.opportunity_id,
    paths.cohort_on,
    paths.created_on,
    case when opportunities.won_on <= settings.as_of_date then opportunities.won_on end as won_on,
    cast(case
        when opportunities.closed_on <= settings.as_of_date then 0
        else coalesce({{ money_times('opportunities.amount', 'opportunities.probability') }}, 0)
    end as decimal(18, 2)) as pipeline_amount,
    cast(case when opportunities.won_on <= settings.as_of_date then coalesce(opportunities.amount, 0) else 0 end as decimal(18, 2)) as booked_amount
from paths
cross join settings
inner join opportunities on paths.opportunity_id = opportunities.opportunity_id
