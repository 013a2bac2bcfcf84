{{ config(materialized='view', schema='work') }}

with

journeys as (
    select * from {{ ref('lead_journeys') }}
)

-- What a lead came to later, after it was first decided, is not known on that day.
select
    lead_id,
    created_on,
    least(converted_on, won_on, lost_on, disqualified_on) as decided_on,
    case when converted_on = least(converted_on, won_on, lost_on, disqualified_on) then 1 else 0 end as converted
from journeys
