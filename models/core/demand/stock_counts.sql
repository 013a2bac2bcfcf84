with

settings as (
    select * from {{ ref('run_settings') }}
),

counts as (
    select * from {{ ref('all_inventory') }}
)

select
    counts.product_id,
    counts.counted_on,
    lead(counts.counted_on, 1, cast('9999-12-31' as date)) over (partition by counts.product_id order by counts.counted_on) as next_counted_on,
    counts.on_hand_quantity,
    coalesce(counts.incoming_quantity, 0) as incoming_quantity,
    counts.file_id,
    counts.row_number
from counts
inner join settings
    on counts.counted_on <= settings.as_of_date
