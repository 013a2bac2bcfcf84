with

deals as (
    select * from {{ ref('deal_discounts') }}
),

bands as (
    select * from {{ ref('discount_bands') }}
),

placed_deals as (
    select
        bands.band,
        bands.sort_order,
        deals.product_line,
        deals.status,
        deals.list_amount,
        deals.quoted_amount
    from deals
    inner join bands
        on deals.discount_rate >= coalesce(bands.from_rate, -99999)
        and deals.discount_rate < coalesce(bands.to_rate, 99999)
),

every_line as (
    select * from placed_deals
    union all
    select
        band,
        sort_order,
        'all' as product_line,
        status,
        list_amount,
        quoted_amount
    from placed_deals
),

counts as (
    select
        band,
        sort_order,
        product_line,
        count(*) as deals,
        {%- for status in ['won', 'lost', 'open'] %}
        count(case when status = '{{ status }}' then 1 end) as {{ status }},
        {%- endfor %}
        {{ money_sum('list_amount') }} as list_amount,
        {{ money_sum('quoted_amount') }} as quoted_amount
    from every_line
    group by band, sort_order, product_line
)

select
    *,
    {{ ratio('list_amount - quoted_amount', 'list_amount') }} as discount_rate,
    {{ ratio('won', 'won + lost') }} as win_rate,
    {{ wilson_low('won', '(won + lost)') }} as win_low,
    {{ wilson_high('won', '(won + lost)') }} as win_high
from counts
