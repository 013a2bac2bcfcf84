with

amounts as (
    select * from {{ ref('contract_batch_amounts') }}
),

contracts as (
    select * from {{ ref('contracts') }}
),

accounts as (
    select * from {{ ref('accounts') }}
),

batches as (
    select
        contract_id,
        shipment_id,
        max(order_id) as order_id,
        {% for kind in ['shipped', 'delivered', 'invoiced', 'collected'] -%}
        max(case when kind = '{{ kind }}' then moved_on end) as {{ kind }}_on,
        {{ money_sum("case when kind = '" ~ kind ~ "' then amount end") }} as {{ kind }}_amount,
        {% endfor -%}
        {{ money_sum("case when kind = 'overdue' then amount end") }} as overdue_amount
    from amounts
    group by contract_id, shipment_id
)

select
    batches.contract_id,
    contracts.account_id,
    coalesce(accounts.account_name, contracts.account_id) as account_name,
    batches.shipment_id,
    batches.order_id,
    batches.shipped_on,
    batches.delivered_on,
    batches.invoiced_on,
    batches.collected_on,
    batches.shipped_amount,
    batches.delivered_amount,
    batches.invoiced_amount,
    batches.collected_amount,
    batches.overdue_amount
from batches
inner join contracts
    on batches.contract_id = contracts.contract_id
left join accounts
    on contracts.account_id = accounts.account_id
