{{ config(materialized='view', schema='work') }}

with

conflicts as (
    select * from {{ ref('claim_conflicts') }}
),

deals as (
    {%- for place in ['first', 'second'] %}
    select
        customer_id,
        kind,
        one_party,
        other_party,
        {{ place }}_opportunity_id as opportunity_id,
        {{ place }}_amount as amount
    from conflicts
    where {{ place }}_opportunity_id is not null
    {{ 'union distinct' if not loop.last }}
    {%- endfor %}
)

select
    customer_id,
    kind,
    one_party,
    other_party,
    {{ money_sum('amount') }} as amount
from deals
group by customer_id, kind, one_party, other_party
