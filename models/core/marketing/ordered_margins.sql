{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

lines as (
    select * from {{ ref('ordered_line_costs') }}
),

exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

valued as (
    select
        lines.order_line_id,
        lines.opportunity_id,
        lines.product_id,
        lines.ordered_on,
        case
            when lines.amount is null then {{ quantity_times('lines.quantity', 'lines.unit_price', 'line_rates.rate') }}
            else {{ money_times('lines.amount', 'line_rates.rate') }}
        end as net_amount,
        {{ quantity_times('lines.quantity', 'lines.unit_cost', 'cost_rates.rate') }} as cost_amount
    from lines
    cross join settings
    left join exchange_rates as line_rates
        on coalesce(lines.currency, settings.company_currency) = line_rates.currency
        and lines.ordered_on >= line_rates.valid_from_on
        and lines.ordered_on < line_rates.valid_until_on
    left join exchange_rates as cost_rates
        on coalesce(lines.cost_currency, settings.company_currency) = cost_rates.currency
        and lines.ordered_on >= cost_rates.valid_from_on
        and lines.ordered_on < cost_rates.valid_until_on
    where lines.ordered_on <= settings.as_of_date
)

select
    order_line_id,
    opportunity_id,
    product_id,
    ordered_on,
    net_amount,
    cost_amount,
    cast(net_amount - cost_amount as decimal(18, 2)) as margin_amount
from valued
