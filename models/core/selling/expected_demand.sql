-- A deal without a product or a quantity asks for nothing that can be counted.

with

dates as (
    select * from {{ ref('demand_dates') }}
),

deals as (
    select * from {{ ref('calibrated_deals') }}
    where period_kind = 'month'
),

records as (
    select * from {{ ref('opportunity_records') }}
),

lines as (
    select * from {{ ref('all_opportunity_lines') }}
),

line_quantities as (
    select
        opportunity_id,
        product_id,
        sum(quantity) as quantity
    from lines
    group by opportunity_id, product_id
),

wanted as (
    select
        opportunity_id,
        product_id,
        quantity
    from line_quantities
    union all
    select
        records.opportunity_id,
        records.product_id,
        records.quantity
    from records
    where
        records.product_id is not null
        and records.quantity is not null
        and not exists (
            select 1
            from line_quantities
            where line_quantities.opportunity_id = records.opportunity_id
        )
),

expected as (
    select
        deals.reporting_date,
        deals.period,
        wanted.product_id,
        deals.opportunity_id,
        cast(round(wanted.quantity * deals.probability, 3) as decimal(18, 3)) as quantity
    from deals
    inner join dates
        on deals.reporting_date = dates.reporting_date
    inner join wanted
        on deals.opportunity_id = wanted.opportunity_id
)

select
    reporting_date,
    cast(period || '-01' as date) as month,
    product_id,
    cast(sum(quantity) as decimal(18, 3)) as expected_quantity,
    count(distinct opportunity_id) as opportunities
from expected
group by reporting_date, period, product_id
