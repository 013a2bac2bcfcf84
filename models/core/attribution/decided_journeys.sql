{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

touches as (
    select * from {{ ref('opportunity_touches') }}
),

depths as (
    select * from {{ ref('opportunity_depths') }}
),

opportunities as (
    select * from {{ ref('opportunities') }}
),

lead_touches as (
    select * from {{ ref('disqualified_lead_touches') }}
)

select
    touches.opportunity_id as journey_id,
    {{ joined('touches.channel', ' > ', 'touches.touch_number') }} as path,
    max(case when depths.won_on is not null then 1 else 0 end) as conversions,
    max(depths.booked_amount) as value_amount,
    max(case when depths.won_on is null then 1 else 0 end) as nulls
from touches
cross join settings
inner join depths on touches.opportunity_id = depths.opportunity_id
inner join opportunities on touches.opportunity_id = opportunities.opportunity_id
where touches.kind <> 'none' and opportunities.closed_on <= settings.as_of_date
group by touches.opportunity_id
union all
select
    lead_id as journey_id,
    {{ joined('channel', ' > ', 'occurred_at, touchpoint_id') }} as path,
    0 as conversions,
    cast(0 as decimal(18, 2)) as value_amount,
    1 as nulls
from lead_touches
group by lead_id
