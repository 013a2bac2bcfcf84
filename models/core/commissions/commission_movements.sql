-- The ledger: each movement as the plans were known on its day, corrections on the day on which a version became known, payments.

{% set documents = [
    'account_id', 'order_id', 'order_line_id', 'shipment_id', 'invoice_id', 'payment_id', 'credit_note_id', 'return_id', 'write_off_id',
] -%}
{% set parts = [
    ('run_movements', documents + [
        'base_amount', 'rate', 'split_share', 'plan_id', 'plan_version', 'interest_days', 'calculation', 'file_id', 'row_number',
    ]),
    ('corrections', documents[:3] + ['plan_id', 'plan_version']),
    ('payments', ['payment_id', 'file_id', 'row_number']),
] -%}
{% set types = {
    'base_amount': 'decimal(18, 2)', 'rate': 'decimal(18, 6)', 'split_share': 'decimal(18, 6)', 'plan_version': 'bigint',
    'interest_days': 'bigint',
} -%}
with

settings as (
    select * from {{ ref('run_settings') }}
),

run_movements as (
    select
        movements.*,
        movements.posted_on as moved_on
    from {{ ref('commission_calculated_movements') }} as movements
    inner join {{ ref('commission_runs') }} as runs
        on movements.owner_id = runs.owner_id
        and movements.run_id = runs.run_id
    where
        movements.posted_on >= runs.known_on
        and movements.posted_on < runs.known_until_on
),

corrections as (
    select
        *,
        known_on as moved_on,
        'correction' as rule,
        'correction ' || kind || coalesce(' ' || order_line_id, '') || ' for ' || earner_id
        || case when earner_id <> owner_id then ' through ' || owner_id else '' end
        || ' on ' || cast(known_on as varchar) as movement_id
    from {{ ref('commission_corrections') }}
),

payments as (
    select
        payment_id,
        owner_id,
        owner_id as earner_id,
        paid_on as moved_on,
        'paid' as kind,
        'paid' as rule,
        cast(-amount as decimal(18, 2)) as amount,
        'paid ' || payment_id as movement_id,
        file_id,
        row_number
    from {{ ref('commission_payments') }}
),

movements as (
    {% for relation, known in parts -%}
    select
        movement_id,
        earner_id as owner_id,
        case when earner_id <> owner_id then owner_id end as through_owner_id,
        moved_on,
        case when kind in ('clawback', 'penalty_interest') and amount > 0 then 'accrued' else kind end as kind,
        amount,
        rule,
        {% for name in parts[0][1][:-1] -%}
        {{ name if name in known else 'cast(null as ' ~ types.get(name, 'varchar') ~ ') as ' ~ name }},
        {% endfor -%}
        {{ 'row_number' if 'row_number' in known else 'cast(null as bigint) as row_number' }}
    from {{ relation }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select movements.*
from movements
inner join settings
    on movements.moved_on <= settings.as_of_date
