with

settings as (
    select * from {{ ref('run_settings') }}
),

movements as (
    select min(issued_on) as moved_on from {{ ref('all_invoices') }}
    union all
    select min(paid_on) as moved_on from {{ ref('all_payments') }}
    union all
    select least(min(cast(created_at as date)), min(cast(closed_at as date)), min(close_on)) as moved_on
    from {{ ref('all_opportunities') }}
    union all
    select min(cast(created_at as date)) as moved_on from {{ ref('all_leads') }}
    union all
    select min(spent_on) as moved_on from {{ ref('all_spend') }}
    union all
    select min(ordered_on) as moved_on from {{ ref('all_orders') }}
)

select
    greatest(
        coalesce(least(min(movements.moved_on), settings.as_of_date), settings.as_of_date),
        {{ add_months('settings.as_of_date', -240) }}
    ) as first_on
from settings
cross join movements
group by settings.as_of_date
