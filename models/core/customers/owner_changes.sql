{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

spans as (
    select
        *,
        lag(owner_id) over (partition by account_id order by valid_from_on) as old_owner_id
    from {{ ref('account_owner_spans') }}
)

select
    spans.account_id,
    spans.valid_from_on as changed_on,
    spans.old_owner_id,
    coalesce(spans.owner_id, '(none)') as new_owner_id
from spans
cross join settings
where
    spans.old_owner_id is not null
    and spans.old_owner_id <> coalesce(spans.owner_id, '(none)')
    and spans.valid_from_on <= settings.as_of_date
