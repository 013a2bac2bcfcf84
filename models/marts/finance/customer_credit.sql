with

positions as (
    select * from {{ ref('credit_positions') }}
),

ratings as (
    select
        *,
        lag(grade) over (partition by account_id order by reporting_date) as previous_grade
    from {{ ref('credit_ratings') }}
),

limit_spans as (
    select * from {{ ref('account_limit_spans') }}
),

revenues as (
    select * from {{ ref('customer_revenues') }}
),

accounts as (
    select * from {{ ref('accounts') }}
),

owner_spans as (
    select * from {{ ref('account_owner_spans') }}
),

reps as (
    select * from {{ ref('reps') }}
),

exposed as (
    select
        *,
        cast(
            open_order_amount + delivered_not_invoiced_amount + invoiced_amount - unapplied_amount
            as decimal(18, 2)
        ) as exposure_amount
    from positions
)

select
    exposed.reporting_date,
    exposed.account_id,
    coalesce(accounts.account_name, exposed.account_id) as account_name,
    coalesce(owner_spans.owner_id, '(none)') as owner_id,
    coalesce(reps.owner_name, owner_spans.owner_id, '(none)') as owner_name,
    exposed.open_order_amount,
    exposed.delivered_not_invoiced_amount,
    exposed.invoiced_amount,
    exposed.overdue_amount,
    exposed.unapplied_amount,
    exposed.exposure_amount,
    limit_spans.limit_amount,
    case when limit_spans.limit_amount is not null then limit_spans.is_estimated end as is_limit_estimated,
    cast(limit_spans.limit_amount - exposed.exposure_amount as decimal(18, 2)) as free_amount,
    exposed.settled_invoices,
    exposed.settled_amount,
    exposed.days_beyond_terms,
    exposed.on_time_rate,
    exposed.overdue_rate,
    exposed.disputed_amount,
    exposed.broken_promises,
    ratings.grade,
    ratings.previous_grade,
    ratings.reason,
    ratings.better_grade,
    ratings.lacking_days,
    ratings.lacking_on_time_rate,
    ratings.lacking_overdue_rate,
    coalesce(revenues.revenue_amount, 0) as revenue_12m_amount,
    coalesce(revenues.is_high_value, false) as is_high_value,
    coalesce(ratings.grade_rank = 1, false) as is_high_credit
from exposed
inner join ratings
    on exposed.reporting_date = ratings.reporting_date
    and exposed.account_id = ratings.account_id
left join limit_spans
    on exposed.account_id = limit_spans.account_id
    and exposed.reporting_date >= limit_spans.valid_from_on
    and exposed.reporting_date < limit_spans.valid_until_on
left join revenues
    on exposed.reporting_date = revenues.reporting_date
    and exposed.account_id = revenues.account_id
left join accounts
    on exposed.account_id = accounts.account_id
left join owner_spans
    on exposed.account_id = owner_spans.account_id
    and exposed.reporting_date >= owner_spans.valid_from_on
    and exposed.reporting_date < owner_spans.valid_until_on
left join reps
    on owner_spans.owner_id = reps.owner_id
