-- At every month-end what is payable and what is not yet add up to what the statements close with.
with

dates as (
    select * from {{ ref('reporting_dates') }}
    where is_month_end
),

amounts as (
    select liability.reporting_date, liability.owner_id, liability.payable + liability.not_yet_payable as amount
    from {{ ref('commission_liability') }} as liability
    inner join dates on liability.reporting_date = dates.reporting_date
    union all
    select dates.reporting_date, statements.owner_id, -statements.closing as amount
    from {{ ref('commission_statements') }} as statements
    inner join dates on cast(date_trunc('month', dates.reporting_date) as date) = statements.month
)

select
    reporting_date,
    owner_id,
    sum(amount) as difference
from amounts
group by reporting_date, owner_id
having sum(amount) <> 0
