{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

rules as (
    select * from {{ ref('alert_rules') }}
    where kind = 'limit_exceeded'
),

positions as (
    select * from {{ ref('credit_positions') }}
),

limit_spans as (
    select * from {{ ref('account_limit_spans') }}
),

owner_spans as (
    select * from {{ ref('account_owner_spans') }}
),

compared as (
    select
        positions.reporting_date,
        positions.account_id,
        cast(
            positions.open_order_amount + positions.delivered_not_invoiced_amount + positions.invoiced_amount - positions.unapplied_amount
            as decimal(18, 2)
        ) as exposure_amount,
        limit_spans.limit_amount,
        {{ money_times('limit_spans.limit_amount', '(1 + rules.threshold)') }} as threshold_amount,
        rules.kind,
        rules.severity,
        rules.tell
    from positions
    cross join rules
    inner join limit_spans
        on positions.account_id = limit_spans.account_id
        and positions.reporting_date >= limit_spans.valid_from_on
        and positions.reporting_date < limit_spans.valid_until_on
    where limit_spans.limit_amount is not null
),

since_kept as (
    select
        *,
        max(case when exposure_amount <= threshold_amount then reporting_date end) over (partition by account_id) as kept_on
    from compared
),

dated as (
    select
        *,
        min(case when reporting_date > coalesce(kept_on, cast('0001-01-01' as date)) then reporting_date end) over (
            partition by account_id
        ) as exceeded_on
    from since_kept
)

select
    dated.kind,
    cast(null as varchar) as level,
    dated.severity,
    dated.tell,
    dated.account_id as entity_id,
    cast(null as varchar) as document_id,
    dated.account_id,
    owner_spans.owner_id,
    dated.exposure_amount as value,
    dated.threshold_amount as threshold,
    dated.exposure_amount > dated.threshold_amount as is_fired,
    dated.exceeded_on as raised_on,
    cast(dated.exposure_amount - dated.limit_amount as decimal(18, 2)) as amount,
    dated.account_id as occurrence,
    'exposure ' || dated.exposure_amount || ' against a limit of ' || dated.limit_amount as reason
from dated
inner join settings
    on dated.reporting_date = settings.as_of_date
left join owner_spans
    on dated.account_id = owner_spans.account_id
    and dated.reporting_date >= owner_spans.valid_from_on
    and dated.reporting_date < owner_spans.valid_until_on
