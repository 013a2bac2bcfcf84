{{ config(materialized='view', schema='work') }}

{%- set before = 'over (partition by opportunity_id order by valid_from_on)' %}

with

states as (
    select * from {{ ref('pipeline_states') }}
),

rates as (
    select * from {{ ref('exchange_rates') }}
),

compared as (
    select
        opportunity_id,
        valid_from_on as moved_on,
        {%- for column in ['state', 'owner_id', 'month', 'document_amount', 'currency'] %}
        lag({{ column }}) {{ before }} as previous_{{ column }},
        {%- endfor %}
        state,
        owner_id,
        month,
        document_amount,
        currency
    from states
)

select
    compared.opportunity_id,
    compared.moved_on,
    compared.state,
    compared.previous_state,
    compared.owner_id,
    coalesce(compared.previous_owner_id, compared.owner_id) as previous_owner_id,
    compared.month,
    compared.previous_month,
    case when compared.document_amount is null then 0 else {{ money_times('compared.document_amount', 'rates.rate') }} end as amount,
    case
        when compared.previous_document_amount is null then 0
        else {{ money_times('compared.previous_document_amount', 'previous_rates.rate') }}
    end as previous_amount
from compared
left join rates
    on compared.currency = rates.currency
    and compared.moved_on >= rates.valid_from_on
    and compared.moved_on < rates.valid_until_on
left join rates as previous_rates
    on compared.previous_currency = previous_rates.currency
    and compared.moved_on >= previous_rates.valid_from_on
    and compared.moved_on < previous_rates.valid_until_on
