-- Largest remainder: floor to cents, then one cent each to the largest fractions, ties by the part's id as text; the sign comes back last.
with cases as (
    select 'thirds' as name, 'a' as part, cast(1000.00 as decimal(18, 2)) as amount, cast(1 as double) as weight, cast(333.34 as decimal(18, 2)) as expected
    union all select 'thirds', 'b', 1000.00, 1, 333.33
    union all select 'thirds', 'c', 1000.00, 1, 333.33
    union all select 'negative', 'a', -100.00, 1, -33.34
    union all select 'negative', 'b', -100.00, 1, -33.33
    union all select 'negative', 'c', -100.00, 1, -33.33
    union all select 'ids are text', '10', 0.01, 1, 0.01
    union all select 'ids are text', '9', 0.01, 1, 0.00
    union all select 'largest fraction first', 'a', 1.00, 1, 0.17
    union all select 'largest fraction first', 'b', 1.00, 2, 0.33
    union all select 'largest fraction first', 'c', 1.00, 3, 0.50
    union all select 'nothing for no weight', 'a', 0.05, 0, 0.00
    union all select 'nothing for no weight', 'b', 0.05, 0.5, 0.03
    union all select 'nothing for no weight', 'c', 0.05, 0.5, 0.02
    union all select 'no weight at all', 'a', 5.00, 0, null
    union all select 'no weight at all', 'b', 5.00, 0, null
    union all select 'nothing to split', 'a', 0.00, 1, 0.00
    union all select 'nothing to split', 'b', 0.00, 2, 0.00
    union all select 'doubles are equal at 12 places', 'a', 0.01, 0.1 + 0.2, 0.01
    union all select 'doubles are equal at 12 places', 'b', 0.01, 0.3, 0.00
    union all select 'one part', 'a', 25000000000.01, 0.3333, 25000000000.01
    union all select 'large', 'a', 25000000000.00, 1, 8333333333.34
    union all select 'large', 'b', 25000000000.00, 1, 8333333333.33
    union all select 'large', 'c', 25000000000.00, 1, 8333333333.33
),

allocated as (
    {{ allocate('cases', 'amount', 'weight', 'name', 'part', 'result') }}
)

select * from allocated where result is distinct from expected
