-- All movements up to as_of_date leave just the open deals of that day, each with its owner, month and amount.
with

movements as (
    select
        opportunity_id,
        owner_id,
        month,
        amount
    from {{ ref('pipeline_movements') }}
    union all
    select
        opportunity_id,
        coalesce(owner_id, '(none)') as owner_id,
        {{ month_of('close_on') }} as month,
        -amount as amount
    from {{ ref('opportunities') }}
    where status = 'open' and coalesce(forecast_category, 'pipeline') not in ('omitted', 'closed')
)

select
    opportunity_id,
    owner_id,
    month,
    sum(amount) as difference
from movements
group by opportunity_id, owner_id, month
having sum(amount) <> 0
