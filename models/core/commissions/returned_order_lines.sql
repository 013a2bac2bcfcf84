{{ config(materialized='view', schema='work') }}

with

returns as (
    select
        *,
        sum(quantity) over (
            partition by order_line_id
            order by returned_on, return_id
            rows between unbounded preceding and current row
        ) as to_here
    from {{ ref('returns') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
)

select
    returns.return_id,
    returns.order_line_id,
    returns.returned_on,
    returns.amount,
    {{ money_share('order_lines.margin_amount', 'returns.to_here - returns.quantity', 'returns.to_here', 'order_lines.quantity', scale=3) }} as margin_amount,
    returns.file_id,
    returns.row_number
from returns
inner join order_lines
    on returns.order_line_id = order_lines.order_line_id
