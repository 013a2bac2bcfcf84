{{ config(materialized='view', schema='work') }}

with

shipments as (
    select * from {{ ref('shipments') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

laid_out as (
    select
        *,
        sum(quantity) over (
            partition by order_line_id
            order by reached_on, shipment_line_id
            rows between unbounded preceding and current row
        ) as to_here
    from shipments
    where reached_on is not null
)

select
    laid_out.shipment_line_id,
    laid_out.shipment_id,
    laid_out.order_line_id,
    laid_out.reached_on,
    laid_out.to_here as reached_to_here,
    order_lines.quantity as ordered_quantity,
    {% for base, amount in [('revenue', 'amount'), ('margin', 'margin_amount')] -%}
    {{ money_share('order_lines.' ~ amount, 'laid_out.to_here - laid_out.quantity', 'laid_out.to_here', 'order_lines.quantity', scale=3) }} as {{ base }}_amount,
    {% endfor -%}
    laid_out.file_id,
    laid_out.row_number
from laid_out
inner join order_lines
    on laid_out.order_line_id = order_lines.order_line_id
