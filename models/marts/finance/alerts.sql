with

checks as (
    select * from {{ ref('alert_checks') }}
    where is_fired
),

accounts as (
    select * from {{ ref('accounts') }}
),

reps as (
    select * from {{ ref('reps') }}
),

rep_spans as (
    select * from {{ ref('rep_spans') }}
),

finance as (
    select min(owner_id) as user_id
    from reps
    where
        left_on is null
        and (
            {%- for word in var('finance_role_words') %}
            lower(role) like '%{{ word }}%'{{ ' or' if not loop.last }}
            {%- endfor %}
        )
),

addressed as (
    select
        checks.*,
        case checks.tell
            when 'owner' then reps.owner_id
            when 'manager' then rep_spans.manager_id
            else finance.user_id
        end as tell_user_id
    from checks
    cross join finance
    left join reps
        on checks.owner_id = reps.owner_id
    left join rep_spans
        on checks.owner_id = rep_spans.owner_id
        and checks.evaluated_on >= rep_spans.valid_from_on
        and checks.evaluated_on < rep_spans.valid_until_on
)

select
    addressed.alert_id,
    addressed.kind,
    addressed.level,
    addressed.severity,
    addressed.raised_on,
    addressed.owner_id,
    coalesce(owners.owner_name, addressed.owner_id) as owner_name,
    addressed.tell,
    addressed.tell_user_id,
    coalesce(told.owner_name, addressed.tell_user_id) as tell_user_name,
    addressed.entity_id,
    addressed.document_id,
    addressed.account_id,
    coalesce(accounts.account_name, addressed.account_id, '(none)') as account_name,
    addressed.amount,
    addressed.value,
    addressed.threshold,
    addressed.is_highest_level,
    'alert.' || addressed.kind as message_key,
    addressed.reason
from addressed
left join accounts
    on addressed.account_id = accounts.account_id
left join reps as owners
    on addressed.owner_id = owners.owner_id
left join reps as told
    on addressed.tell_user_id = told.owner_id
