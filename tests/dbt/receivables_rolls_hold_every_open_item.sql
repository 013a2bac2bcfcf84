-- What was open at a month-end is at the next one in a bucket, paid, credited or written off: the parts are the whole.
with

aging as (
    select * from {{ ref('receivables_aging') }}
),

months as (
    select
        reporting_date,
        lead(reporting_date) over (order by reporting_date) as closing_on
    from {{ ref('reporting_dates') }}
    where is_month_end
),

amounts as (
    select
        {{ month_of('months.closing_on') }} as month,
        aging.bucket,
        aging.amount
    from aging
    inner join months
        on aging.reporting_date = months.reporting_date
    where aging.basis = 'due' and aging.bucket <> 'unapplied' and months.closing_on is not null
    union all
    select
        month,
        from_bucket as bucket,
        -amount as amount
    from {{ ref('receivables_roll_rates') }}
)

select
    month,
    bucket,
    sum(amount) as difference
from amounts
group by month, bucket
having sum(amount) <> 0
