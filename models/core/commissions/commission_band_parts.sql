{{ config(materialized='view', schema='work') }}

with

gains as (
    select
        *,
        least(position_before, position_after) as lower_position,
        greatest(position_before, position_after) as higher_position
    from {{ ref('commission_rated_gains') }}
    where whole_rate is null and tier_rate <> tier_rate_before
),

bands as (
    select * from {{ ref('commission_bands') }}
),

parts as (
    select
        gains.owner_id,
        gains.run_id,
        gains.event_id,
        gains.order_line_id,
        bands.starts_at,
        bands.rate,
        sign(gains.base_amount)
        * (least(gains.higher_position, bands.until_amount) - greatest(gains.lower_position, bands.from_amount)) as part_amount
    from gains
    inner join bands
        on gains.owner_id = bands.owner_id
        and gains.period = bands.period
        and gains.plan_id = bands.plan_id
        and gains.plan_version = bands.plan_version
        and gains.lower_position < bands.until_amount
        and gains.higher_position > bands.from_amount
)

select
    owner_id,
    run_id,
    event_id,
    order_line_id,
    cast(round(sum(part_amount * rate), 2) as decimal(18, 2)) as parts_amount,
    {{ joined(written_number('part_amount') ~ " || ' × ' || " ~ written_rate('rate'), ' + ', 'starts_at') }} as parts_calculation
from parts
group by owner_id, run_id, event_id, order_line_id
