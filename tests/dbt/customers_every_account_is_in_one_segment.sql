-- Every account, and every account that documents name, is in one row with a status and an ABC class.
with

expected as (
    select account_id from {{ ref('accounts') }}
    union distinct
    select account_id from {{ ref('customer_sales') }}
    union distinct
    select account_id from {{ ref('account_purchases') }}
)

select
    coalesce(expected.account_id, segments.account_id) as account_id,
    count(segments.account_id) as segment_rows
from expected
full join {{ ref('account_segments') }} as segments
    on expected.account_id = segments.account_id
group by coalesce(expected.account_id, segments.account_id)
having
    count(segments.account_id) <> 1
    or count(expected.account_id) <> 1
    or count(segments.status) <> 1
    or count(segments.abc) <> 1
