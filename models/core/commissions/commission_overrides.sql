{{ config(materialized='view', schema='work') }}

with

gains as (
    select * from {{ ref('commission_gains') }}
),

managers as (
    select * from {{ ref('rep_managers') }}
),

overrides as (
    select * from {{ ref('all_manager_overrides') }}
),

rated as (
    select
        gains.*,
        overrides.manager_id,
        overrides.rate
    from gains
    inner join managers
        on gains.owner_id = managers.owner_id
        and gains.occurred_on >= managers.valid_from_on
        and gains.occurred_on < managers.valid_until_on
    inner join overrides
        on managers.manager_id = overrides.manager_id
        and gains.plan_id = overrides.plan_id
        and gains.occurred_on >= coalesce(overrides.valid_from_on, gains.occurred_on)
        and gains.occurred_on <= coalesce(overrides.valid_to_on, gains.occurred_on)
    qualify
        row_number() over (
            partition by gains.owner_id, gains.run_id, gains.plan_id, gains.event_id, gains.order_line_id, overrides.manager_id
            order by overrides.valid_from_on desc nulls last, managers.distance asc
        ) = 1
),

summed as (
    select
        *,
        sum(base_amount) over (
            partition by owner_id, run_id, plan_id, plan_version, order_line_id, manager_id, rate
            order by posted_on, place, event_id
            rows between unbounded preceding and current row
        ) as line_base_to_here
    from rated
)

select
    *,
    cast(
        {{ money_times('line_base_to_here', 'rate') }} - {{ money_times('line_base_to_here - base_amount', 'rate') }} as decimal(18, 2)
    ) as amount
from summed
