{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

spend_daily as (
    select * from {{ ref('spend_daily') }}
)

select
    spend_daily.platform,
    spend_daily.campaign_id,
    spend_daily.channel,
    {{ month_of('spend_daily.spent_on') }} as month,
    spend_daily.conversions
from spend_daily
cross join settings
where spend_daily.conversions is not null and spend_daily.spent_on <= settings.as_of_date
