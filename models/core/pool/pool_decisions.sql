{{ config(materialized='view', schema='work') }}

with

steps as (
    select * from {{ ref('lead_steps') }}
),

opportunities as (
    select * from {{ ref('opportunities') }}
),

settings as (
    select * from {{ ref('run_settings') }}
)

select
    'lead' as entity_kind,
    lead_id as entity_id,
    least(converted_on, won_on, lost_on, disqualified_on) as decided_on,
    won_on
from steps
where coalesce(converted_on, won_on, lost_on, disqualified_on) is not null
union all
select
    'account' as entity_kind,
    opportunities.account_id as entity_id,
    min(opportunities.won_on) as decided_on,
    min(opportunities.won_on) as won_on
from opportunities
cross join settings
where opportunities.won_on <= settings.as_of_date and opportunities.account_id is not null
group by opportunities.account_id
