-- Every exported cost stands once in the ledger, and every campaign's own stated cost is spread whole: no currency gains or loses.
with exported as (
    select coalesce(currency, (select company_currency from {{ ref('run_settings') }})) as currency, cost
    from {{ ref('all_spend') }}
    union all
    select currency, own_cost as cost
    from {{ ref('campaign_costs') }}
),

cost_in as (
    select currency, sum(cost) as cost
    from exported
    group by currency
),

cost_out as (
    select currency, sum(document_cost) as cost
    from {{ ref('spend_daily') }}
    group by currency
)

select coalesce(cost_in.currency, cost_out.currency) as currency, cost_in.cost as cost_in, cost_out.cost as cost_out
from cost_in
full outer join cost_out on cost_in.currency = cost_out.currency
where coalesce(cost_in.cost, 0) <> coalesce(cost_out.cost, 0)
