-- amount × numerator ÷ denominator, half away from zero, without a detour through doubles; null at 0.
with cases as (
    select 'half a cent' as name, cast(5.35 as decimal(18, 2)) as amount, cast(1 as decimal(18, 2)) as numerator, cast(2 as decimal(18, 2)) as denominator, cast(2.68 as decimal(18, 2)) as expected
    union all select 'negative amount', -5.35, 1, 2, -2.68
    union all select 'negative numerator', 5.35, -1, 2, -2.68
    union all select 'negative denominator', 5.35, 1, -2, -2.68
    union all select 'two negatives', -5.35, -1, 2, 2.68
    union all select 'a third', 100.00, 1, 3, 33.33
    union all select 'two thirds', 100.00, 2, 3, 66.67
    union all select 'large', 25000000000.00, 24999999999.99, 25000000000.00, 24999999999.99
    union all select 'the whole', 9999999999999999.99, 17.13, 17.13, 9999999999999999.99
    union all select 'nothing of it', 100.00, 0, 3, 0.00
    union all select 'nothing to divide by', 100.00, 1, 0, null
    union all select 'unknown amount', null, 1, 2, null
)

select *, {{ money_ratio('amount', 'numerator', 'denominator') }} as result
from cases
where {{ money_ratio('amount', 'numerator', 'denominator') }} is distinct from expected
