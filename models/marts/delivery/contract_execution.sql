with

settings as (
    select * from {{ ref('run_settings') }}
),

contracts as (
    select * from {{ ref('contracts') }}
),

stages as (
    select * from {{ ref('contract_stages') }}
),

orders as (
    select * from {{ ref('orders') }}
),

lines as (
    select * from {{ ref('order_line_progress') }}
),

billing as (
    select * from {{ ref('contract_billing') }}
),

accounts as (
    select * from {{ ref('accounts') }}
),

reps as (
    select * from {{ ref('reps') }}
),

delivered as (
    select
        orders.contract_id,
        {{ money_sum('case when not lines.is_cancelled then lines.ordered_amount end') }} as ordered_amount,
        {{ money_sum('lines.shipped_amount') }} as shipped_amount,
        {{ money_sum('lines.delivered_amount') }} as delivered_amount,
        {{ money_sum('lines.returned_amount') }} as returned_amount
    from lines
    inner join orders
        on lines.order_id = orders.order_id
    group by orders.contract_id
),

billed as (
    select
        contract_id,
        {% for kind in ['invoiced', 'credited', 'credited_return', 'collected'] -%}
        {{ money_sum("case when kind = '" ~ kind ~ "' then amount end") }} as {{ kind }}_amount,
        {% endfor -%}
        {{ money_sum("case when kind = 'overdue' then amount end") }} as overdue_amount
    from billing
    group by contract_id
)

select
    contracts.contract_id,
    contracts.account_id,
    coalesce(accounts.account_name, contracts.account_id) as account_name,
    contracts.owner_id,
    coalesce(reps.owner_name, contracts.owner_id) as owner_name,
    contracts.signed_on,
    case when contracts.approved_on <= settings.as_of_date then contracts.approved_on end as approved_on,
    stages.suspended_on,
    stages.terminated_on,
    stages.contract_amount,
    cast(case when contracts.approved_on <= settings.as_of_date then stages.contract_amount else 0 end as decimal(18, 2)) as approved_amount,
    {% for name in ['ordered', 'shipped', 'delivered', 'returned'] -%}
    cast(coalesce(delivered.{{ name }}_amount, 0) as decimal(18, 2)) as {{ name }}_amount,
    {% endfor -%}
    {% for name in ['invoiced', 'collected', 'overdue'] -%}
    cast(coalesce(billed.{{ name }}_amount, 0) as decimal(18, 2)) as {{ name }}_amount,
    {% endfor -%}
    cast(coalesce(billed.credited_amount + billed.credited_return_amount, 0) as decimal(18, 2)) as credited_amount,
    cast(
        coalesce(delivered.delivered_amount - delivered.returned_amount, 0)
        - coalesce(billed.invoiced_amount - billed.credited_return_amount, 0) as decimal(18, 2)
    ) as to_bill_amount
from contracts
cross join settings
inner join stages
    on contracts.contract_id = stages.contract_id
left join delivered
    on contracts.contract_id = delivered.contract_id
left join billed
    on contracts.contract_id = billed.contract_id
left join accounts
    on contracts.account_id = accounts.account_id
left join reps
    on contracts.owner_id = reps.owner_id
