{{ config(materialized='view', schema='work') }}

-- What happens to a line on which somebody earned: what it earned, what of its base was lost, what reached the end customer.

{% set keys = ['owner_id', 'run_id', 'earner_id', 'basis', 'base', 'order_line_id'] -%}
{% set documents = ['shipment_id', 'invoice_id', 'payment_id', 'credit_note_id', 'return_id', 'write_off_id'] -%}
{% set steps = [
    (1, 'earnings', keys[:5], documents[:3], {
        'place': 'place', 'posted_on': 'posted_on', 'rule': 'rule', 'rate': 'rate',
        'base_amount': 'base_amount', 'added_base_amount': 'added_base_amount', 'amount': 'amount',
    }),
    (2, 'losses', ['owner_id', 'basis', 'base'], documents, {
        'posted_on': 'occurred_on', 'rule': 'rule', 'lost_amount': 'base_amount',
    }),
    (3, 'arrivals', [], documents[:1], {'posted_on': 'reached_on', 'rule': 'rule', 'reached_quantity': 'reached_to_here'}),
] -%}
{% set types = {
    'place': 'bigint', 'posted_on': 'date', 'rule': 'varchar', 'rate': 'decimal(18, 6)', 'base_amount': 'decimal(18, 2)',
    'added_base_amount': 'decimal(18, 2)', 'amount': 'decimal(18, 2)', 'lost_amount': 'decimal(18, 2)', 'reached_quantity': 'decimal(18, 3)',
} -%}
with

earnings as (
    select * from {{ ref('commission_earnings') }}
),

losses as (
    select * from {{ ref('commission_owner_events') }}
    where is_loss
),

arrivals as (
    select
        *,
        'shipment ' || shipment_line_id as event_id,
        'at_end_customer' as rule
    from {{ ref('commission_arrivals') }}
),

seats as (
    select
        {{ keys | join(', ') }},
        max(mode) as mode,
        max(order_id) as order_id,
        max(account_id) as account_id,
        max(share) as share,
        max(plan_id) as plan_id,
        max(plan_version) as plan_version
    from earnings
    group by {{ keys | join(', ') }}
)

{% for step, relation, joined, known, values in steps -%}
select
    {% for key in keys -%}
    seats.{{ key }},
    {% endfor -%}
    seats.mode,
    seats.order_id,
    seats.account_id,
    seats.share,
    {{ 'earnings' if step == 1 else 'seats' }}.plan_id,
    {{ 'earnings' if step == 1 else 'seats' }}.plan_version,
    {{ step }} as step,
    {% for name, type in types.items() -%}
    cast({{ relation ~ '.' ~ values[name] if name in values else ('0' if type.startswith('decimal') and name != 'rate' or name == 'place' else 'null') }} as {{ type }}) as {{ name }},
    {% endfor -%}
    {% for name in documents -%}
    {{ relation ~ '.' ~ name if name in known else 'cast(null as varchar) as ' ~ name }},
    {% endfor -%}
    {{ relation }}.event_id,
    {{ relation }}.file_id,
    {{ relation }}.row_number
from seats
inner join {{ relation }}
    on seats.order_line_id = {{ relation }}.order_line_id
    {%- for key in joined %}
    and seats.{{ key }} = {{ relation }}.{{ key }}
    {%- endfor %}
{{ "where seats.mode = 'collection_then_terminal'" if step == 3 }}
{{ 'union all' if not loop.last }}
{% endfor %}
