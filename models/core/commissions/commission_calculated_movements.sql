{{ config(materialized='view', schema='work') }}

-- Each movement of a run with its calculation, written so that it can be done again on paper.

with

movements as (
    select * from {{ ref('commission_run_movements') }}
),

band_parts as (
    select * from {{ ref('commission_band_parts') }}
),

with_parts as (
    select
        movements.*,
        band_parts.parts_amount,
        band_parts.parts_calculation,
        case when movements.rule like 'days_%' then cast(split_part(movements.rule, '_', 3) as bigint) end as interest_days
    from movements
    left join band_parts
        on movements.owner_id = band_parts.owner_id
        and movements.run_id = band_parts.run_id
        and movements.event_id = band_parts.event_id
        and movements.order_line_id = band_parts.order_line_id
        and movements.rule = 'tier_marginal'
        and movements.kind in ('accrued', 'payable')
)

select
    *,
    coalesce(
        parts_calculation,
        {{ written_number('base_amount') }} || ' × ' || {{ written_rate('rate') }} || coalesce(' × ' || interest_days || ' ÷ 365', '')
    )
    || case
        when
            coalesce(parts_amount, {{ money_ratio('base_amount', 'rate * coalesce(interest_days, 365)', '365', 6) }})
            = abs(amount) * sign(base_amount) then ' = '
        else ' → '
    end
    || {{ written_number('amount') }} as calculation
from with_parts
