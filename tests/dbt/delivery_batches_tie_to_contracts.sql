-- The batches of a contract, with what has none, add up to the contract.
with

amounts as (
    {% for kind in ['shipped', 'delivered', 'invoiced', 'collected', 'overdue'] -%}
    select
        contract_id,
        '{{ kind }}' as kind,
        {{ kind }}_amount as amount
    from {{ ref('contract_execution') }}
    union all
    select
        contract_id,
        '{{ kind }}' as kind,
        -{{ kind }}_amount as amount
    from {{ ref('contract_batches') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    contract_id,
    kind,
    sum(amount) as difference
from amounts
group by contract_id, kind
having sum(amount) <> 0
