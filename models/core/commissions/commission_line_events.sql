{% set no_money = 'cast(0 as decimal(18, 2))' %}
{% set documents = ['shipment_id', 'invoice_id', 'payment_id', 'credit_note_id', 'return_id', 'write_off_id'] %}
{% set days = ['due_on', 'interest_on'] %}
{% set events = [
    ('arrivals', 'goods', "'shipment'", "'shipment ' || shipment_line_id", 'reached_on', 'false',
        'revenue_amount', 'margin_amount', no_money, ['shipment_id']),
    ('ordered_lines', 'bookings', "'order'", "'order ' || order_id", 'ordered_on', 'false',
        'amount', 'coalesce(margin_amount, 0)', no_money, []),
    ('cancelled_lines', 'bookings', "'cancelled'", "'cancelled ' || order_line_id", 'cancelled_on', 'true',
        'amount', 'coalesce(margin_amount, 0)', no_money, []),
    ('returned_lines', 'sales', "'return'", "'return ' || return_id", 'returned_on', 'true',
        'amount', 'margin_amount', no_money, ['return_id']),
    ('credits', 'sales', 'rule', 'event_id', 'occurred_on', 'true',
        'amount', 'amount', no_money, ['invoice_id', 'credit_note_id', 'write_off_id']),
    ('collected', 'money', "case when collected_amount < 0 then 'refund' else 'payment' end", 'application_id', 'applied_on', 'collected_amount < 0',
        'abs(revenue_amount)', 'abs(margin_amount)', 'abs(collected_amount)', ['shipment_id', 'invoice_id', 'payment_id', 'due_on', 'interest_on']),
] -%}
with

arrivals as (
    select * from {{ ref('commission_arrivals') }}
),

ordered_lines as (
    select * from {{ ref('order_lines') }}
),

cancelled_lines as (
    select * from ordered_lines
    where cancelled_on is not null
),

returned_lines as (
    select * from {{ ref('returned_order_lines') }}
),

credits as (
    select * from {{ ref('credited_order_lines') }}
    where order_line_id is not null
),

collected as (
    select * from {{ ref('collected_order_lines') }}
)

{% for relation, basis, rule, event_id, day, is_loss, revenue, margin, money, known in events -%}
select
    '{{ basis }}' as basis,
    {{ rule }} as rule,
    {{ event_id }} as event_id,
    order_line_id,
    {{ day }} as occurred_on,
    {{ is_loss }} as is_loss,
    {{ revenue }} as revenue_amount,
    {{ margin }} as margin_amount,
    {{ money }} as collected_amount,
    {% for name in documents -%}
    {{ name if name in known else 'cast(null as varchar) as ' ~ name }},
    {% endfor -%}
    {% for name in days -%}
    {{ name if name in known else 'cast(null as date) as ' ~ name }},
    {% endfor -%}
    file_id,
    row_number
from {{ relation }}
{{ 'union all' if not loop.last }}
{% endfor %}
