-- For every statement the documents and accounts compared hold the whole ledger of its day.
with

owed as (
    select
        statements.stated_on,
        movements.amount
    from {{ ref('receivable_movements') }} as movements
    inner join (select distinct stated_on from {{ ref('stated_balances') }}) as statements
        on movements.moved_on <= statements.stated_on
    union all
    select
        stated_on,
        -our_amount as amount
    from {{ ref('aging_differences') }}
    where level <> 'total'
)

select
    stated_on,
    sum(amount) as difference
from owed
group by stated_on
having sum(amount) <> 0
