-- a rate of decimal(28,12) multiplies thousands of millions without overflow and without losing a cent.
with cases as (
    select cast(25000000000.00 as decimal(18, 2)) as amount, cast(7.123456789012 as decimal(28, 12)) as rate, cast(178086419725.30 as decimal(18, 2)) as expected
    union all select 100.00, 0.140381152573, 14.04
    union all select -100.00, 0.140350000000, -14.04
    union all select 100.00, 0.140349999999, 14.03
)

select *, {{ money_times('amount', 'rate') }} as result
from cases
where {{ money_times('amount', 'rate') }} is distinct from expected
