-- Orders whose shares do not add up to 1: their lines accrue nothing until somebody mends them.
{{ config(severity='warn') }}

select
    order_id,
    order_line_id,
    total_share,
    count(*) as owners
from {{ ref('commission_shares') }}
where total_share <> 1
group by order_id, order_line_id, total_share
