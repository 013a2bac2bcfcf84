{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

spans as (
    select
        *,
        coalesce(owner_id, '(none)') as known_owner_id,
        {{ month_of('close_on') }} as month,
        lead(valid_from_on, 1, cast('9999-12-31' as date)) over (partition by opportunity_id order by valid_from_on) as next_from_on
    from {{ ref('opportunity_spans') }}
),

states as (
    select
        opportunity_id,
        valid_from_on,
        valid_until_on,
        case
            when status <> 'open' then status
            when coalesce(forecast_category, 'pipeline') in ('omitted', 'closed') then 'omitted'
            else 'open'
        end as state,
        known_owner_id as owner_id,
        month,
        document_amount,
        currency
    from spans
    union all
    select
        opportunity_id,
        valid_until_on as valid_from_on,
        next_from_on as valid_until_on,
        'deleted' as state,
        known_owner_id as owner_id,
        month,
        document_amount,
        currency
    from spans
    where next_from_on > valid_until_on
)

select states.*
from states
inner join settings
    on states.valid_from_on <= settings.as_of_date
