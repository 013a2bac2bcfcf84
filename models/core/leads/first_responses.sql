{{ config(materialized='view', schema='work') }}

with

activities as (
    select * from {{ ref('all_activities') }}
),

settings as (
    select * from {{ ref('run_settings') }}
)

select
    activities.lead_id,
    activities.occurred_at,
    activities.owner_id,
    activities.file_id,
    activities.row_number
from activities
cross join settings
where
    activities.lead_id is not null
    and activities.direction = 'out'
    and not coalesce(activities.is_automatic, false)
    and cast(activities.occurred_at as date) <= settings.as_of_date
qualify
    row_number() over (
        partition by activities.lead_id
        order by activities.occurred_at, activities.file_id, activities.row_number
    ) = 1
