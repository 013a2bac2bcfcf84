with

lines as (
    select * from {{ ref('order_line_prices') }}
),

exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

valued as (
    select
        lines.*,
        rates.rate as exchange_rate,
        coalesce(lines.amount, {{ cost_times('lines.unit_price', 'lines.quantity') }}) as document_amount,
        case
            when lines.amount is null then {{ cost_times('lines.unit_price', 'lines.quantity * rates.rate') }}
            else {{ money_times('lines.amount', 'rates.rate') }}
        end as net_amount,
        {{ cost_times('lines.unit_cost', 'lines.quantity * cost_rates.rate') }} as cost_amount
    from lines
    left join exchange_rates as rates
        on lines.currency = rates.currency
        and lines.ordered_on >= rates.valid_from_on
        and lines.ordered_on < rates.valid_until_on
    left join exchange_rates as cost_rates
        on lines.cost_currency = cost_rates.currency
        and lines.ordered_on >= cost_rates.valid_from_on
        and lines.ordered_on < cost_rates.valid_until_on
)

select
    order_line_id,
    order_id,
    account_id,
    ordered_on,
    product_id,
    coalesce(product_line, '(none)') as product_line,
    quantity,
    unit_price,
    unit_cost,
    currency,
    exchange_rate,
    document_amount,
    net_amount as amount,
    cost_amount,
    cast(net_amount - cost_amount as decimal(18, 2)) as margin_amount,
    promised_on,
    cancelled_on,
    is_commissionable,
    file_id,
    row_number
from valued
