with

movements as (
    select * from {{ ref('receivable_movements') }}
),

invoices as (
    select * from {{ ref('invoices') }}
),

credit_notes as (
    select * from {{ ref('credit_notes') }}
),

flows as (
    select
        moved_on as day,
        amount as balance_change_amount,
        cast(0 as decimal(18, 2)) as credit_sales_amount
    from movements
    union all
    select
        issued_on as day,
        cast(0 as decimal(18, 2)) as balance_change_amount,
        amount as credit_sales_amount
    from invoices
    union all
    select
        issued_on as day,
        cast(0 as decimal(18, 2)) as balance_change_amount,
        cast(-amount as decimal(18, 2)) as credit_sales_amount
    from credit_notes
)

select
    day,
    {{ money_sum('balance_change_amount') }} as balance_change_amount,
    {{ money_sum('credit_sales_amount') }} as credit_sales_amount
from flows
group by day
