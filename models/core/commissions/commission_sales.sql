{{ config(materialized='view', schema='work') }}

with

shares as (
    select * from {{ ref('commission_shares') }}
    where total_share = 1
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

runs as (
    select * from {{ ref('commission_runs') }}
    where shadow_plan_id is null and known_until_on = cast('9999-12-31' as date)
),

terms as (
    select * from {{ ref('commission_terms') }}
),

periods as (
    select * from {{ ref('fiscal_periods') }}
)

select
    shares.owner_id,
    shares.order_line_id,
    shares.share,
    order_lines.amount,
    order_lines.ordered_on,
    order_lines.cancelled_on,
    terms.basis,
    periods.ends_on as period_ends_on
from shares
inner join order_lines
    on shares.order_line_id = order_lines.order_line_id
inner join runs
    on shares.owner_id = runs.owner_id
inner join terms
    on runs.owner_id = terms.owner_id
    and runs.run_id = terms.run_id
    and order_lines.ordered_on >= terms.from_on
    and order_lines.ordered_on < terms.until_on
inner join periods
    on terms.period_kind = periods.period_kind
    and order_lines.ordered_on >= periods.starts_on
    and order_lines.ordered_on <= periods.ends_on
