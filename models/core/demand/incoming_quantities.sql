{{ config(materialized='view', schema='work') }}

-- What was expected by the product's last count has been counted; where nothing is announced after it, the count tells what is on its way.

with

settings as (
    select * from {{ ref('run_settings') }}
),

last_counts as (
    select * from {{ ref('stock_counts') }}
    where next_counted_on = cast('9999-12-31' as date)
),

announced as (
    select
        supplies.product_id,
        {{ month_of('greatest(supplies.expected_on, settings.as_of_date)') }} as month,
        supplies.quantity
    from {{ ref('all_incoming_supply') }} as supplies
    cross join settings
    left join last_counts
        on supplies.product_id = last_counts.product_id
    where supplies.expected_on > coalesce(last_counts.counted_on, cast('0001-01-01' as date))
),

incoming as (
    select
        product_id,
        month,
        quantity
    from announced
    union all
    select
        last_counts.product_id,
        {{ month_of('settings.as_of_date') }} as month,
        last_counts.incoming_quantity as quantity
    from last_counts
    cross join settings
    where
        not exists (
            select 1
            from announced
            where announced.product_id = last_counts.product_id
        )
)

select
    product_id,
    month,
    cast(sum(quantity) as decimal(18, 3)) as incoming_quantity
from incoming
group by product_id, month
