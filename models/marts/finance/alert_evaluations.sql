with

checks as (
    select * from {{ ref('alert_checks') }}
)

select
    alert_id,
    rule,
    kind,
    level,
    entity_id,
    evaluated_on as {{ adapter.quote('day') }},
    value,
    threshold,
    is_fired
from checks
