{{ config(materialized='view', schema='work') }}

with

touches as (
    select * from {{ ref('opportunity_touches') }}
),

settings as (
    select * from {{ ref('run_settings') }}
),

models as (
    select * from {{ ref('attribution_models') }}
    where weighs = 'place'
),

milestones as (
    select
        touches.opportunity_id,
        max(touches.touch_number) as last_touch,
        max(case when touches.channel <> 'direct' and settings.direct_rule = 'last_non_direct' then touches.touch_number end)
            as last_touch_not_direct,
        max(case when touches.is_before_lead then touches.touch_number end) as last_touch_before_lead,
        max(case when touches.is_before_opportunity then touches.touch_number end) as last_touch_before_opportunity
    from touches
    cross join settings
    group by touches.opportunity_id
)

select
    touches.opportunity_id,
    touches.touchpoint_id,
    models.model,
    case when touches.touch_number = 1 then models.first_share else 0 end
    + case
        when touches.touch_number = coalesce(case when models.passes_over_direct then milestones.last_touch_not_direct end, milestones.last_touch)
            then models.last_share
        else 0
    end
    + case when touches.touch_number = milestones.last_touch_before_lead then models.lead_share else 0 end
    + case when touches.touch_number = milestones.last_touch_before_opportunity then models.opportunity_share else 0 end
        as role_share,
    models.rest_share,
    cast(case
        when models.half_life_days is null then 1
        else pow(2.0, -cast(touches.days_to_end as double) / models.half_life_days)
    end as decimal(28, 18)) as nearness
from touches
inner join milestones on touches.opportunity_id = milestones.opportunity_id
cross join models
