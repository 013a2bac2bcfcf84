-- a cost of 6 places is multiplied before it is rounded: 0.004 × 7 is 0.03, not 0.00; and a half cent stays one.
with cases as (
    select cast(0.004 as decimal(18, 6)) as cost, cast(7 as decimal(28, 12)) as rate, cast(0.03 as decimal(18, 2)) as expected
    union all select 0.125000, 1.000000000000, 0.13
    union all select -0.125000, 1.000000000000, -0.13
    union all select 1.234567, 100.000000000000, 123.46
    union all select 250000000000.123456, 7.123456789012, 1780864197253.879437
)

select *, {{ cost_times('cost', 'rate') }} as result
from cases
where {{ cost_times('cost', 'rate') }} is distinct from cast(round(expected, 2) as decimal(18, 2))
