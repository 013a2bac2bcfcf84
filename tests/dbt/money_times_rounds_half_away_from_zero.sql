-- amount × factor, rounded once to cents, half away from zero; wide enough for ten thousand millions.
with cases as (
    select 'half a cent up' as name, cast(1.00 as decimal(18, 2)) as amount, cast(0.125 as decimal(18, 6)) as factor, cast(0.13 as decimal(18, 2)) as expected
    union all select 'half a cent down where negative', -1.00, 0.125, -0.13
    union all select 'just under half', 1.00, 0.124999, 0.12
    union all select 'rounded once, not twice', 0.05, 0.2999, 0.01
    union all select 'twenty-five thousand million', 25000000000.00, 1.000000, 25000000000.00
    union all select 'the largest amount', 9999999999999999.99, 1.000000, 9999999999999999.99
    union all select 'nothing', 0.00, 7.100000, 0.00
),

computed as (
    select *, {{ money_times('amount', 'factor') }} as result, {{ cost_times('amount', 'factor') }} as result_of_cost
    from cases
)

select * from computed
where result is distinct from expected or result_of_cost is distinct from expected
