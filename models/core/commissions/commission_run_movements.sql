-- What each run gives for the whole of history.

{% set documents = [
    'account_id', 'order_id', 'order_line_id', 'shipment_id', 'invoice_id', 'payment_id', 'credit_note_id', 'return_id', 'write_off_id',
] -%}
{% set movements = [
    ('states', 'accrued', 'amount', 'base_amount', 'rate', documents),
    ('states', 'payable', 'payable_amount', 'base_amount', 'rate', documents),
    ('states', 'clawback', '-clawed_amount', '-lost_base_amount', ratio('earned_to_here', 'base_to_here'), documents),
    ('interest', none, 'amount', 'base_amount', 'rate', documents[:6]),
    ('minimums', 'accrued', 'amount', 'base_amount', 'rate', []),
    ('minimums', 'payable', 'amount', 'base_amount', 'rate', []),
] -%}
with

states as (
    select
        *,
        order_line_id || ' for ' || earner_id || case when earner_id <> owner_id then ' through ' || owner_id else '' end
        || ' by ' || event_id || case when rule = 'true_up' then ' true_up v' || cast(plan_version as varchar) else '' end as cause
    from {{ ref('commission_line_states') }}
),

interest as (
    select
        *,
        owner_id as earner_id,
        occurred_on as posted_on,
        net_amount as base_amount,
        annual_rate as rate,
        'days_' || case when days_late < 0 then 'early_' else 'late_' end || cast(abs(days_late) as varchar) as day_rule,
        order_line_id || ' for ' || owner_id || ' by ' || event_id || ' v' || cast(plan_version as varchar) as cause
    from {{ ref('commission_interest') }}
),

minimums as (
    select
        *,
        owner_id as earner_id,
        earned_amount as base_amount,
        cast(null as decimal(18, 6)) as rate,
        cast(null as decimal(18, 6)) as share,
        case when amount > 0 then 'minimum' else 'minimum_recovered' end as rule,
        'minimum ' || period || ' for ' || owner_id || ' of ' || plan_id as cause,
        cast(null as varchar) as file_id,
        cast(null as bigint) as row_number
    from {{ ref('commission_minimums') }}
)

{% for relation, kind, amount, base_amount, rate, known in movements -%}
select
    {{ "'" ~ kind ~ "'" if kind else 'kind' }} || ' ' || cause as movement_id,
    owner_id,
    earner_id,
    run_id,
    posted_on,
    {{ "'" ~ kind ~ "' as " if kind }}kind,
    cast({{ amount }} as decimal(18, 2)) as amount,
    cast({{ base_amount }} as decimal(18, 2)) as base_amount,
    {{ rate }} as rate,
    {{ 'cast(null as varchar) as ' if relation == 'minimums' }}event_id,
    {{ 'day_rule as ' if relation == 'interest' }}rule,
    share as split_share,
    plan_id,
    plan_version,
    {% for name in documents -%}
    {{ name if name in known else 'cast(null as varchar) as ' ~ name }},
    {% endfor -%}
    file_id,
    row_number
from {{ relation }}
where {{ amount }} <> 0
{{ 'union all' if not loop.last }}
{% endfor %}
