-- A rate of the plan for what was sold beats the tiers; marginal tiers pay each band its rate, a cliff pays the whole at the rate reached.

with

gains as (
    select * from {{ ref('commission_gains') }}
),

line_rates as (
    select * from {{ ref('commission_line_rates') }}
),

bands as (
    select * from {{ ref('commission_bands') }}
),

rated as (
    select
        gains.*,
        line_rates.rate as line_rate,
        line_rates.rule as line_rule,
        coalesce(reached.rate, 0) as tier_rate,
        coalesce(begun.rate, 0) as tier_rate_before,
        {% for band, at, name in [('begun', 'position_before', 'before'), ('reached', 'position_after', 'after')] -%}
        coalesce(round({{ band }}.earned_below + {{ band }}.rate * (gains.{{ at }} - {{ band }}.starts_at), 2), 0) as tiers_{{ name }},
        {% endfor -%}
        sum(gains.base_amount) over (
            partition by gains.owner_id, gains.run_id, gains.plan_id, gains.plan_version, gains.scope, gains.order_line_id, line_rates.rate
            order by gains.place
            rows between unbounded preceding and current row
        ) as line_base_to_here
    from gains
    left join line_rates
        on gains.owner_id = line_rates.owner_id
        and gains.run_id = line_rates.run_id
        and gains.plan_id = line_rates.plan_id
        and gains.event_id = line_rates.event_id
        and gains.order_line_id = line_rates.order_line_id
    left join bands as begun
        on gains.owner_id = begun.owner_id
        and gains.period = begun.period
        and gains.plan_id = begun.plan_id
        and gains.plan_version = begun.plan_version
        and gains.position_before >= begun.from_amount
        and gains.position_before < begun.until_amount
    left join bands as reached
        on gains.owner_id = reached.owner_id
        and gains.period = reached.period
        and gains.plan_id = reached.plan_id
        and gains.plan_version = reached.plan_version
        and reached.from_amount <= case
            when gains.mode = 'attainment' and gains.tier_kind = 'cliff' then gains.position_at_end else gains.position_after
        end
        and reached.until_amount > case
            when gains.mode = 'attainment' and gains.tier_kind = 'cliff' then gains.position_at_end else gains.position_after
        end
),

whole_rates as (
    select
        *,
        case when tier_kind = 'cliff' then coalesce(line_rate, tier_rate) else line_rate end as whole_rate
    from rated
)

select
    *,
    coalesce(line_rule, 'tier_' || tier_kind) as rate_rule,
    case
        when whole_rate is not null then whole_rate
        when tier_rate = tier_rate_before then tier_rate
        else {{ ratio('tiers_after - tiers_before', 'base_amount') }}
    end as rate,
    cast(coalesce(
        {{ money_times('line_base_to_here', 'whole_rate') }} - {{ money_times('line_base_to_here - base_amount', 'whole_rate') }},
        tiers_after - tiers_before
    ) as decimal(18, 2)) as amount
from whole_rates
