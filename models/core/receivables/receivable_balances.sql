{{ config(materialized='view', schema='work') }}

with

movements as (
    select * from {{ ref('receivable_movements') }}
),

reporting_dates as (
    select * from {{ ref('reporting_dates') }}
),

daily as (
    select
        item_id,
        moved_on,
        sum(document_amount) as document_amount,
        sum(amount) as amount
    from movements
    group by item_id, moved_on
),

spans as (
    select
        item_id,
        moved_on as from_on,
        lead(moved_on, 1, cast('9999-12-31' as date)) over (partition by item_id order by moved_on) as until_on,
        sum(document_amount) over (partition by item_id order by moved_on) as document_balance_amount,
        sum(amount) over (partition by item_id order by moved_on) as balance_amount
    from daily
)

select
    reporting_dates.reporting_date,
    spans.item_id,
    cast(spans.document_balance_amount as decimal(18, 2)) as document_balance_amount,
    cast(spans.balance_amount as decimal(18, 2)) as balance_amount
from spans
inner join reporting_dates
    on spans.from_on <= reporting_dates.reporting_date
    and spans.until_on > reporting_dates.reporting_date
where
    spans.document_balance_amount <> 0
    or spans.balance_amount <> 0
