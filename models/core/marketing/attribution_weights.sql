with

touch_roles as (
    select * from {{ ref('touch_roles') }}
),

learnt_weights as (
    select * from {{ ref('learnt_weights') }}
),

rests as (
    select
        *,
        case when role_share = 0 then nearness else 0 end as rest_nearness
    from touch_roles
),

shares as (
    select
        opportunity_id,
        touchpoint_id,
        model,
        cast(role_share as double)
        + coalesce(
            cast(rest_share as double) * cast(rest_nearness as double)
            / nullif(cast(sum(rest_nearness) over (partition by opportunity_id, model) as double), 0),
            0
        ) as share,
        cast(sum(role_share) over (partition by opportunity_id, model) as double)
        + case
            when sum(rest_nearness) over (partition by opportunity_id, model) > 0 then cast(rest_share as double)
            else 0
        end as shares_found
    from rests
)

select
    opportunity_id,
    touchpoint_id,
    model,
    cast(share / shares_found as decimal(18, 12)) as weight
from shares
where share > 0
union all
select
    opportunity_id,
    touchpoint_id,
    model,
    weight
from learnt_weights
