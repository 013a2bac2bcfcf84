with

settings as (
    select * from {{ ref('run_settings') }}
),

checks as (
    select * from {{ ref('due_checks') }}
    union all
    select * from {{ ref('limit_checks') }}
    union all
    select * from {{ ref('grade_checks') }}
    union all
    select * from {{ ref('instalment_checks') }}
    union all
    select * from {{ ref('promise_checks') }}
)

select
    kind || coalesce(' ' || level, '') || ' ' || occurrence as alert_id,
    kind || coalesce(' ' || level, '') as rule,
    kind,
    level,
    severity,
    tell,
    entity_id,
    document_id,
    account_id,
    coalesce(owner_id, '(none)') as owner_id,
    settings.as_of_date as evaluated_on,
    value,
    threshold,
    is_fired,
    raised_on,
    amount,
    coalesce(is_fired and threshold = max(case when is_fired then threshold end) over (partition by kind, entity_id), false) as is_highest_level,
    reason
from checks
cross join settings
