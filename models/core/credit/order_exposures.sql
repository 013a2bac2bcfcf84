{{ config(materialized='view', schema='work') }}

with

events as (
    select * from {{ ref('billing_events') }}
),

reporting_dates as (
    select * from {{ ref('reporting_dates') }}
),

daily as (
    select
        account_id,
        billed_id,
        day,
        sum(open_amount) as open_amount,
        sum(delivered_amount) as delivered_amount,
        sum(returned_amount) as returned_amount,
        sum(invoiced_amount) as invoiced_amount
    from events
    group by account_id, billed_id, day
),

spans as (
    select
        account_id,
        billed_id,
        day as from_on,
        lead(day, 1, cast('9999-12-31' as date)) over (partition by account_id, billed_id order by day) as until_on,
        sum(open_amount) over (partition by account_id, billed_id order by day) as open_amount,
        sum(delivered_amount) over (partition by account_id, billed_id order by day) as delivered_amount,
        sum(returned_amount) over (partition by account_id, billed_id order by day) as returned_amount,
        sum(invoiced_amount) over (partition by account_id, billed_id order by day) as invoiced_amount
    from daily
),

exposed as (
    select
        account_id,
        from_on,
        until_on,
        greatest(open_amount - greatest(invoiced_amount - delivered_amount, 0), 0) as open_order_amount,
        greatest(delivered_amount - returned_amount - invoiced_amount, 0) as delivered_not_invoiced_amount
    from spans
)

select
    reporting_dates.reporting_date,
    exposed.account_id,
    {{ money_sum('exposed.open_order_amount') }} as open_order_amount,
    {{ money_sum('exposed.delivered_not_invoiced_amount') }} as delivered_not_invoiced_amount
from exposed
inner join reporting_dates
    on exposed.from_on <= reporting_dates.reporting_date
    and exposed.until_on > reporting_dates.reporting_date
where
    exposed.open_order_amount <> 0
    or exposed.delivered_not_invoiced_amount <> 0
group by reporting_dates.reporting_date, exposed.account_id
