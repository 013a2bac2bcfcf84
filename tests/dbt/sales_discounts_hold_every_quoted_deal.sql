-- Every deal with a quote is in one band, and the bands of all lines hold the same deals and amounts as those of each line.
with

bands as (
    select
        case when product_line = 'all' then 'all' else 'each' end as lines,
        sum(deals) as deals,
        sum(list_amount) as list_amount
    from {{ ref('discount_win_rates') }}
    group by 1
),

deals as (
    select
        count(*) as deals,
        coalesce(sum(list_amount), 0) as list_amount
    from {{ ref('deal_discounts') }}
)

select
    bands.lines,
    bands.deals as counted,
    deals.deals
from deals
inner join bands
    on deals.deals <> bands.deals
    or deals.list_amount <> bands.list_amount
union all
select
    'none' as lines,
    0 as counted,
    deals.deals
from deals
where deals.deals > 0 and not exists (select 1 from bands)
