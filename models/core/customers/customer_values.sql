with

settings as (
    select * from {{ ref('run_settings') }}
),

accounts as (
    select * from {{ ref('accounts') }}
),

purchases as (
    select * from {{ ref('account_purchases') }}
),

revenues as (
    select * from {{ ref('customer_revenue_totals') }}
),

bought as (
    select
        account_id,
        count(*) as orders,
        min(bought_on) as first_order_on,
        max(bought_on) as last_order_on
    from purchases
    group by account_id
),

{# An account that only its documents name is a customer all the same. #}
everyone as (
    select account_id from accounts
    union distinct
    select account_id from bought
    union distinct
    select account_id from revenues
)

select
    everyone.account_id,
    coalesce(bought.orders, 0) as orders,
    bought.first_order_on,
    bought.last_order_on,
    {{ days_between('bought.last_order_on', 'settings.as_of_date') }} as days_since_order,
    coalesce(revenues.revenue_amount, 0) as revenue_amount,
    coalesce(revenues.revenue_12m_amount, 0) as revenue_12m_amount,
    coalesce(revenues.last_year_amount, 0) as last_year_amount
from everyone
cross join settings
left join bought
    on everyone.account_id = bought.account_id
left join revenues
    on everyone.account_id = revenues.account_id
