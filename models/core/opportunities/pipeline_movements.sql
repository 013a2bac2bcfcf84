-- Within a day: revaluation, amount, close date, owner, and last what takes the deal out of the pipeline.

{%- set entered = "state = 'open' or (previous_state is null and state in ('won', 'lost'))" %}
{%- set changed = "previous_state = 'open' and " %}
{%- set moved = changed ~ "coalesce(month, cast('9999-12-31' as date)) <> coalesce(previous_month, cast('9999-12-31' as date))" %}
{%- set transferred = changed ~ 'owner_id <> previous_owner_id' %}
{%- set rules = [
    ("'created'", 'owner_id', 'month', 'null', 'amount', 'previous_state is null and (' ~ entered ~ ')'),
    ("'reopened'", 'owner_id', 'month', 'null', 'amount', "previous_state <> 'open' and state = 'open'"),
    ("'increased'", 'previous_owner_id', 'previous_month', 'null', 'amount - previous_amount', changed ~ 'amount > previous_amount'),
    ("'decreased'", 'previous_owner_id', 'previous_month', 'null', 'amount - previous_amount', changed ~ 'amount < previous_amount'),
    ("'pushed_out'", 'previous_owner_id', 'previous_month', 'month', '-amount', moved),
    ("'pulled_in'", 'previous_owner_id', 'month', 'previous_month', 'amount', moved),
    ("'transferred_out'", 'previous_owner_id', 'month', 'null', '-amount', transferred),
    ("'transferred_in'", 'owner_id', 'month', 'null', 'amount', transferred),
    ('state', 'owner_id', 'month', 'null', '-amount', "state <> 'open' and (previous_state = 'open' or (previous_state is null and (" ~ entered ~ ")))")
] %}

with

steps as (
    select * from {{ ref('pipeline_steps') }}
),

fx_movements as (
    select * from {{ ref('pipeline_fx_movements') }}
),

records as (
    select * from {{ ref('opportunity_records') }}
),

movements as (
    {%- for step, owner, month, other_month, amount, condition in rules %}
    select
        opportunity_id,
        moved_on,
        {{ step }} as step,
        {{ owner }} as owner_id,
        {{ month }} as month,
        cast({{ other_month }} as date) as other_month,
        {{ amount }} as amount
    from steps
    where {{ condition }}
    union all
    {%- endfor %}
    select
        opportunity_id,
        moved_on,
        step,
        owner_id,
        month,
        cast(null as date) as other_month,
        amount
    from fx_movements
)

select
    movements.opportunity_id || ' ' || cast(movements.moved_on as varchar) || ' ' || movements.step as movement_id,
    movements.moved_on,
    movements.opportunity_id,
    movements.owner_id,
    coalesce(records.product_line, '(none)') as product_line,
    movements.step,
    movements.month,
    movements.other_month,
    cast(movements.amount as decimal(18, 2)) as amount,
    records.file_id,
    records.row_number
from movements
inner join records
    on movements.opportunity_id = records.opportunity_id
