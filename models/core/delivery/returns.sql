with

returns as (
    select * from {{ ref('all_returns') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

laid_out as (
    select
        returns.*,
        order_lines.order_id,
        order_lines.amount as line_amount,
        order_lines.quantity as line_quantity,
        order_lines.ordered_on as rate_on,
        coalesce(returns.currency, order_lines.currency) as own_currency,
        sum(returns.quantity) over (
            partition by returns.order_line_id
            order by returns.returned_on, returns.return_id
            rows between unbounded preceding and current row
        ) as returned_to_here
    from returns
    inner join order_lines
        on returns.order_line_id = order_lines.order_line_id
)

select
    laid_out.return_id,
    laid_out.order_line_id,
    laid_out.order_id,
    laid_out.returned_on,
    laid_out.quantity,
    laid_out.own_currency as currency,
    laid_out.rate_on,
    rates.rate as exchange_rate,
    case
        when laid_out.amount is not null then {{ money_times('laid_out.amount', 'rates.rate') }}
        else {{ money_share('laid_out.line_amount', 'laid_out.returned_to_here - laid_out.quantity', 'laid_out.returned_to_here', 'laid_out.line_quantity', scale=3) }}
    end as amount,
    laid_out.reason,
    laid_out.file_id,
    laid_out.row_number
from laid_out
left join exchange_rates as rates
    on laid_out.own_currency = rates.currency
    and laid_out.rate_on >= rates.valid_from_on
    and laid_out.rate_on < rates.valid_until_on
