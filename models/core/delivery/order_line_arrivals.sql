{{ config(materialized='view', schema='work') }}

-- What the buyer had of a line by each day on which he received something; goods without a day of delivery count from shipping.

with

settings as (
    select * from {{ ref('run_settings') }}
),

shipments as (
    select
        order_line_id,
        coalesce(delivered_on, shipped_on) as arrived_on,
        sum(quantity) as quantity
    from {{ ref('shipments') }}
    group by order_line_id, coalesce(delivered_on, shipped_on)
)

select
    shipments.order_line_id,
    shipments.arrived_on,
    sum(shipments.quantity) over (partition by shipments.order_line_id order by shipments.arrived_on) as arrived_to_here
from shipments
cross join settings
where shipments.arrived_on <= settings.as_of_date
