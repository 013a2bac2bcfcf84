{{ config(materialized='view', schema='work') }}

-- One row per owner and day with what was earned, ordered, opened and closed on it.

with

movements as (
    select * from {{ ref('commission_movements') }}
),

prospects as (
    select * from {{ ref('commission_prospects') }}
)

select
    owner_id,
    moved_on,
    {{ money_sum("case when kind = 'accrued' then amount end") }} as accrued,
    {{ money_sum("case when kind = 'payable' then amount end") }} as payable,
    {{ money_sum("case when kind in ('bonus_interest', 'penalty_interest', 'clawback', 'paid') then amount end") }} as settled,
    {{ money_sum("case when kind = 'accrued' and through_owner_id is null and order_line_id is not null then amount end") }} as earned,
    cast(0 as decimal(18, 2)) as ordered,
    cast(0 as decimal(18, 2)) as open_orders,
    cast(0 as decimal(18, 2)) as receivables
from movements
group by owner_id, moved_on
union all
select
    owner_id,
    moved_on,
    0 as accrued,
    0 as payable,
    0 as settled,
    0 as earned,
    {{ money_sum("case when component = 'open_orders' and amount > 0 then amount end") }} as ordered,
    {{ money_sum("case when component = 'open_orders' then amount end") }} as open_orders,
    {{ money_sum("case when component = 'receivables' then amount end") }} as receivables
from prospects
group by owner_id, moved_on
