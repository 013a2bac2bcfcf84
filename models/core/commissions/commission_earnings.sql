with

capped as (
    select * from {{ ref('commission_capped_gains') }}
),

overrides as (
    select * from {{ ref('commission_overrides') }}
)

{% for relation, earner, rule, added in [
    ('capped', 'owner_id', 'rule', 'added_base_amount'),
    ('overrides', 'manager_id', "'override'", 'base_amount'),
] -%}
select
    owner_id,
    run_id,
    {{ earner }} as earner_id,
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
    {{ added }} as added_base_amount,
    amount,
    file_id,
    row_number
from {{ relation }}
{{ 'union all' if not loop.last }}
{% endfor %}
