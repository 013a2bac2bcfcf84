{{ config(materialized='view', schema='work') }}

with

versions as (
    select * from {{ ref('commission_plan_versions') }}
),

earned as (
    {% for relation, rule, added, row_file in [
        ('commission_rated_gains', 'rate_rule', 'base_amount', 'file_id, row_number'),
        ('commission_true_ups', "'true_up'", '0', 'null as file_id, null as row_number'),
    ] -%}
    select
        owner_id,
        run_id,
        basis,
        base,
        mode,
        plan_id,
        plan_version,
        period,
        order_id,
        order_line_id,
        account_id,
        share,
        place,
        posted_on,
        event_id,
        {{ rule }} as rule,
        shipment_id,
        invoice_id,
        payment_id,
        rate,
        base_amount,
        cast({{ added }} as decimal(18, 2)) as added_base_amount,
        amount as uncapped_amount,
        {{ row_file }}
    from {{ ref(relation) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

placed as (
    select
        earned.*,
        versions.cap_amount,
        case when versions.cap_scope = 'line' then earned.order_line_id else earned.period end as capped_thing
    from earned
    inner join versions
        on earned.plan_id = versions.plan_id
        and earned.plan_version = versions.plan_version
),

summed as (
    select
        *,
        sum(uncapped_amount) over (
            partition by owner_id, run_id, plan_id, capped_thing
            order by posted_on, place, rule = 'true_up', order_line_id
            rows between unbounded preceding and current row
        ) as earned_to_here
    from placed
)

select
    *,
    case
        when cap_amount is null then uncapped_amount
        else cast(least(earned_to_here, cap_amount) - least(earned_to_here - uncapped_amount, cap_amount) as decimal(18, 2))
    end as amount
from summed
