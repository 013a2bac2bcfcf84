-- Every alert is an evaluation that fired, and every evaluation that fired is an alert.
with

sides as (
    select
        alert_id,
        1 as evaluations
    from {{ ref('alert_evaluations') }}
    where is_fired
    union all
    select
        alert_id,
        -1 as evaluations
    from {{ ref('alerts') }}
)

select
    alert_id,
    sum(evaluations) as difference
from sides
group by alert_id
having sum(evaluations) <> 0
