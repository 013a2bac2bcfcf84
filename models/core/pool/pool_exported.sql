{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

lead_events as (
    select * from {{ ref('lead_events') }}
),

account_events as (
    select * from {{ ref('all_account_events') }}
),

stays as (
    select * from {{ ref('pool_stays') }}
),

recycled as (
    select
        'lead' as entity_kind,
        lead_id as entity_id,
        occurred_on as recycled_on
    from lead_events
    where kind = 'recycled'
    union all
    select
        'account' as entity_kind,
        account_id as entity_id,
        cast(occurred_at as date) as recycled_on
    from account_events
    where kind = 'recycled'
)

select
    recycled.entity_kind,
    recycled.entity_id,
    recycled.recycled_on,
    coalesce(max_by(stays.business_unit, stays.claimed_on), '(none)') as business_unit,
    coalesce(max_by(stays.rule, stays.claimed_on), '(none)') as rule
from recycled
cross join settings
left join stays
    on recycled.entity_kind = stays.entity_kind
    and recycled.entity_id = stays.entity_id
    and recycled.recycled_on >= stays.claimed_on
where recycled.recycled_on <= settings.as_of_date
group by recycled.entity_kind, recycled.entity_id, recycled.recycled_on
