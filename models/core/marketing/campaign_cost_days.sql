{{ config(materialized='view', schema='work') }}

with

costs as (
    select * from {{ ref('campaign_costs') }}
),

numbers as (
    select number
    from {{ numbers(0, "(select coalesce(max(" ~ days_between('from_on', 'to_on') ~ "), 0) from " ~ ref('campaign_costs') ~ ")") }} as numbers
),

days as (
    select
        costs.*,
        {{ add_days('costs.from_on', 'numbers.number') }} as spent_on
    from costs
    inner join numbers on numbers.number <= {{ days_between('costs.from_on', 'costs.to_on') }}
),

spread as (
    {{ allocate('days', 'own_cost', '1', 'campaign_id', 'spent_on', 'document_cost') }}
)

select * from spread
