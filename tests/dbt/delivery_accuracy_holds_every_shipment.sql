-- What shipped in the quarters shown is the same at every level and by every method, and is what the shipments say.
with

accuracy as (
    select * from {{ ref('demand_accuracy') }}
),

quarters as (
    select distinct
        periods.period,
        periods.starts_on,
        periods.ends_on
    from {{ ref('fiscal_periods') }} as periods
    inner join accuracy
        on periods.period = accuracy.period
    where periods.period_kind = 'quarter'
),

shipped as (
    select sum(shipped.shipped_quantity) as quantity
    from {{ ref('shipped_quantities') }} as shipped
    inner join quarters
        on shipped.month between quarters.starts_on and quarters.ends_on
),

shown as (
    select
        method,
        level,
        case when period = 'all' then 'all' else 'quarters' end as kind,
        sum(actual_quantity) as quantity
    from accuracy
    group by method, level, case when period = 'all' then 'all' else 'quarters' end
)

select shown.*
from shown
cross join shipped
where shown.quantity <> shipped.quantity
