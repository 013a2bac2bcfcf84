-- What a deal was last quoted: of each product its last quote with both prices, submitted by the closing day.

with

opportunities as (
    select * from {{ ref('opportunities') }}
),

quotes as (
    select * from {{ ref('quotes') }}
    where list_amount > 0 and quoted_amount is not null
),

last_quotes as (
    select
        opportunities.opportunity_id,
        opportunities.status,
        coalesce(opportunities.product_line, '(none)') as product_line,
        quotes.list_amount,
        quotes.quoted_amount
    from quotes
    inner join opportunities
        on quotes.opportunity_id = opportunities.opportunity_id
        and quotes.submitted_on <= coalesce(opportunities.closed_on, cast('9999-12-31' as date))
    qualify
        row_number() over (
            partition by quotes.opportunity_id, coalesce(quotes.product_id, '')
            order by quotes.submitted_at desc, quotes.quote_id desc
        ) = 1
),

sums as (
    select
        opportunity_id,
        status,
        product_line,
        {{ money_sum('list_amount') }} as list_amount,
        {{ money_sum('quoted_amount') }} as quoted_amount
    from last_quotes
    group by opportunity_id, status, product_line
)

select
    *,
    {{ ratio('list_amount - quoted_amount', 'list_amount') }} as discount_rate
from sums
