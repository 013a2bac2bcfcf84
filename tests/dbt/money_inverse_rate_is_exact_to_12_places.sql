-- 1 ÷ rate at 12 places, half away from zero.
with cases as (
    select cast(7.1235 as decimal(28, 12)) as rate, cast(0.140380430968 as decimal(28, 12)) as expected
    union all select 3.000000000000, 0.333333333333
    union all select 6.000000000000, 0.166666666667
    union all select 1.000000000000, 1.000000000000
    union all select 0.000000000003, 333333333333.333333333333
    union all select 0.000000000000, null
    union all select null, null
)

select *, {{ inverse_rate('rate') }} as result
from cases
where {{ inverse_rate('rate') }} is distinct from expected
