{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

movements as (
    select * from {{ ref('contract_movements') }}
),

held as (
    select
        movements.contract_id,
        {{ money_sum('movements.amount') }} as contract_amount,
        max(case when movements.kind = 'suspended' then movements.moved_on end) as suspended_on,
        max(case when movements.kind = 'resumed' then movements.moved_on end) as resumed_on,
        min(case when movements.kind = 'terminated' then movements.moved_on end) as terminated_on
    from movements
    cross join settings
    where movements.moved_on <= settings.as_of_date
    group by movements.contract_id
)

select
    contract_id,
    contract_amount,
    case when resumed_on is null or resumed_on < suspended_on then suspended_on end as suspended_on,
    terminated_on
from held
