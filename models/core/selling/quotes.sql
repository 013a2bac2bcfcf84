with

settings as (
    select * from {{ ref('run_settings') }}
),

quotes as (
    select
        quotes.*,
        cast(quotes.submitted_at as date) as submitted_on,
        coalesce(upper(trim(quotes.currency)), settings.company_currency) as known_currency,
        coalesce(quotes.quantity, 1) as known_quantity,
        case when cast(quotes.decided_at as date) <= settings.as_of_date then quotes.decided_at end as known_decided_at,
        case when cast(quotes.decided_at as date) <= settings.as_of_date then {{ snake_case('quotes.decision') }} end as known_decision
    from {{ ref('all_quotes') }} as quotes
    cross join settings
    where cast(quotes.submitted_at as date) <= settings.as_of_date
),

products as (
    select * from {{ ref('products') }}
),

rates as (
    select * from {{ ref('exchange_rates') }}
),

orders as (
    select distinct all_orders.quote_id
    from {{ ref('all_orders') }} as all_orders
    cross join settings
    where all_orders.quote_id is not null and all_orders.ordered_on <= settings.as_of_date
)

select
    quotes.quote_id,
    {{ month_of('quotes.submitted_on') }} as month,
    quotes.submitted_at,
    quotes.submitted_on,
    quotes.opportunity_id,
    quotes.product_id,
    coalesce(quotes.owner_id, '(none)') as owner_id,
    coalesce(products.product_line, '(none)') as product_line,
    quotes.known_currency as currency,
    {{ money_times(cost_times('quotes.list_price', 'quotes.known_quantity'), 'rates.rate') }} as list_amount,
    {{ money_times(cost_times('quotes.quoted_price', 'quotes.known_quantity'), 'rates.rate') }} as quoted_amount,
    coalesce(quotes.quoted_price < quotes.floor_price, false) as is_below_floor,
    {{ seconds_between('quotes.submitted_at', 'quotes.known_decided_at') }} as seconds_to_decision,
    quotes.known_decision as decision,
    orders.quote_id is not null as is_ordered
from quotes
left join products
    on quotes.product_id = products.product_id
left join rates
    on quotes.known_currency = rates.currency
    and quotes.submitted_on >= rates.valid_from_on
    and quotes.submitted_on < rates.valid_until_on
left join orders
    on quotes.quote_id = orders.quote_id
