-- Shares of 1 at 6 places: the first third, by its id, takes the last millionth.
with cases as (
    select 'o1' as deal, 't1' as touch, cast(0.333333333333 as decimal(18, 12)) as weight, cast(0.333334 as decimal(18, 6)) as expected
    union all select 'o1', 't2', 0.333333333333, 0.333333
    union all select 'o1', 't3', 0.333333333333, 0.333333
    union all select 'o2', 't1', 1.000000000000, 1.000000
),

allocated as (
    {{ allocate('cases', '1', 'weight', 'deal', 'touch', 'result', places=6) }}
)

select * from allocated where result is distinct from expected
