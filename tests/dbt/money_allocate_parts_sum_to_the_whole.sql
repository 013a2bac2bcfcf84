-- 3,000 splits of odd amounts by odd weights into 1 to 7 parts: at 2 and at 6 places the parts sum to the whole, none is
-- further than one unit from its exact share, and no part has the other sign.
with amounts as (
    select
        number as case_id,
        cast(cast((number * 7919 * 104729) % 2000000003 - 1000000000 as decimal(18, 2)) / 100 as decimal(18, 2)) as amount
    from {{ numbers(1, 3000) }} as numbers
),

cases as (
    select
        amounts.case_id,
        amounts.amount,
        parts.number as part_id,
        pow(1.37, (amounts.case_id * parts.number) % 41) / 97 as weight
    from amounts
    inner join {{ numbers(0, 6) }} as parts on parts.number <= amounts.case_id % 7
),

in_cents as (
    {{ allocate('cases', 'amount', 'weight', 'case_id', 'part_id', 'part_amount') }}
),

with_shares as (
    {{ allocate('in_cents', '1', 'weight', 'case_id', 'part_id', 'part_share', places=6) }}
),

sums as (
    select
        case_id,
        max(amount) as amount,
        sum(part_amount) as amounts,
        sum(part_share) as shares,
        sum(weight) as weights
    from with_shares
    group by case_id
)

select with_shares.*, sums.amounts, sums.shares
from with_shares
inner join sums on with_shares.case_id = sums.case_id
where
    sums.amounts <> sums.amount
    or sums.shares <> 1
    or abs(cast(with_shares.part_amount as double) - with_shares.amount * with_shares.weight / sums.weights) > 0.0101
    or abs(cast(with_shares.part_share as double) - with_shares.weight / sums.weights) > 0.00000101
    or with_shares.part_amount * sign(with_shares.amount) < 0
