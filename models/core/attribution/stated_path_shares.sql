{{ config(materialized='view', schema='work') }}

with

places as (
    select * from {{ ref('path_places') }}
),

models as (
    select * from {{ ref('attribution_models') }}
    where weighs = 'place' and half_life_days is null and lead_share + opportunity_share = 0
),

roles as (
    select
        places.*,
        models.*,
        case when models.passes_over_direct then places.is_last_not_direct else places.is_last end as has_last_role,
        case when models.passes_over_direct then places.is_first_the_last_not_direct else places.steps = 1 end as is_one_touch_both
    from places
    cross join models
),

shares as (
    select
        *,
        case when is_first then first_share else 0 end + case when has_last_role then last_share else 0 end as role_share,
        steps
        - case when first_share > 0 then 1 else 0 end
        - case when last_share > 0 then 1 else 0 end
        + case when first_share > 0 and last_share > 0 and is_one_touch_both then 1 else 0 end as rests
    from roles
),

weights as (
    select
        *,
        cast(
            (role_share + case when role_share = 0 and rests > 0 then cast(rest_share as double) / rests else 0 end)
            / (first_share + last_share + case when rests > 0 then rest_share else 0 end)
            as double
        ) as weight
    from shares
),

parts as (
    select
        model,
        channel,
        sum(cast(cast(conversions as double) * weight as decimal(38, 12))) as conversions_part,
        sum(cast(cast(value_amount as double) * weight as decimal(38, 12))) as value_part
    from weights
    group by model, channel
),

totals as (
    select
        *,
        cast(sum(conversions_part) over (partition by model) as double) as all_conversions,
        cast(sum(value_part) over (partition by model) as double) as all_value
    from parts
)

select
    model,
    channel,
    cast(round(coalesce(cast(conversions_part as double) / nullif(all_conversions, 0), 0), 12) as decimal(18, 12)) as conversions_share,
    cast(round(coalesce(cast(value_part as double) / nullif(all_value, 0), 0), 12) as decimal(18, 12)) as value_share
from totals
