{{ config(materialized='view', schema='work') }}

with

open_receivables as (
    select * from {{ ref('open_receivables') }}
    where not is_unapplied
),

reporting_dates as (
    select * from {{ ref('reporting_dates') }}
    where is_month_end
),

movements as (
    select * from {{ ref('receivable_movements') }}
    where invoice_id is not null and source_kind is not null
),

months as (
    select
        reporting_date as opening_on,
        lead(reporting_date) over (order by reporting_date) as closing_on
    from reporting_dates
),

opened as (
    select
        months.closing_on,
        open_receivables.item_id,
        open_receivables.due_bucket as from_bucket
    from open_receivables
    inner join months
        on open_receivables.reporting_date = months.opening_on
    where months.closing_on is not null
),

stayed as (
    select
        opened.closing_on,
        opened.item_id,
        opened.from_bucket,
        open_receivables.due_bucket as to_bucket,
        open_receivables.balance_amount as amount
    from opened
    inner join open_receivables
        on opened.closing_on = open_receivables.reporting_date
        and opened.item_id = open_receivables.item_id
),

settled as (
    select
        opened.closing_on,
        opened.item_id,
        opened.from_bucket,
        case movements.source_kind when 'payment' then 'paid' when 'credit_note' then 'credited' else 'written_off' end as to_bucket,
        cast(-sum(movements.amount) as decimal(18, 2)) as amount
    from opened
    inner join movements
        on opened.item_id = movements.item_id
        and opened.closing_on = last_day(movements.moved_on)
    group by opened.closing_on, opened.item_id, opened.from_bucket, movements.source_kind
    having sum(movements.amount) <> 0
)

select * from stayed
union all
select * from settled
