with

movements as (
    select * from {{ ref('pipeline_period_movements') }}
),

records as (
    select * from {{ ref('opportunity_records') }}
),

reps as (
    select * from {{ ref('reps') }}
)

select
    movements.movement_id,
    movements.period,
    movements.moved_on,
    movements.week,
    movements.opportunity_id,
    records.name as opportunity_name,
    movements.owner_id,
    coalesce(reps.owner_name, movements.owner_id) as owner_name,
    movements.product_line,
    movements.step,
    movements.other_month,
    movements.amount,
    movements.file_id,
    movements.row_number
from movements
inner join records
    on movements.opportunity_id = records.opportunity_id
left join reps
    on movements.owner_id = reps.owner_id
