with

movements as (
    select * from {{ ref('commission_movements') }}
),

reps as (
    select * from {{ ref('reps') }}
),

accounts as (
    select * from {{ ref('accounts') }}
)

select
    movements.movement_id,
    movements.owner_id,
    coalesce(reps.owner_name, movements.owner_id) as owner_name,
    movements.moved_on,
    movements.kind,
    movements.amount,
    movements.base_amount,
    movements.rate,
    movements.rule,
    movements.calculation,
    movements.split_share,
    movements.plan_id,
    movements.plan_version,
    movements.through_owner_id,
    movements.account_id,
    coalesce(accounts.account_name, movements.account_id) as account_name,
    movements.order_id,
    movements.order_line_id,
    movements.shipment_id,
    movements.invoice_id,
    movements.payment_id,
    movements.credit_note_id,
    movements.return_id,
    movements.write_off_id,
    movements.file_id,
    movements.row_number
from movements
left join reps
    on movements.owner_id = reps.owner_id
left join accounts
    on movements.account_id = accounts.account_id
