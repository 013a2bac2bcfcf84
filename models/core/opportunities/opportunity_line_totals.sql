{{ config(materialized='view', schema='work') }}

with

line_versions as (
    select
        opportunity_line_id,
        exported_at,
        case when not is_deleted and amount is not null then opportunity_id end as opportunity_id,
        case when not is_deleted then amount end as amount,
        upper(trim(currency)) as currency
    from {{ ref('all_opportunity_line_versions') }}
),

line_steps as (
    select
        opportunity_id,
        exported_at,
        amount,
        1 as lines,
        currency
    from line_versions
    union all
    select
        lag(opportunity_id) over (partition by opportunity_line_id order by exported_at) as opportunity_id,
        exported_at,
        -lag(amount) over (partition by opportunity_line_id order by exported_at) as amount,
        -1 as lines,
        null as currency
    from line_versions
),

line_sums as (
    select
        opportunity_id,
        exported_at,
        sum(amount) as amount,
        sum(lines) as lines,
        max(currency) as currency
    from line_steps
    where opportunity_id is not null
    group by opportunity_id, exported_at
)

select
    opportunity_id,
    exported_at,
    cast(sum(amount) over (partition by opportunity_id order by exported_at) as decimal(18, 2)) as amount,
    cast(sum(lines) over (partition by opportunity_id order by exported_at) as bigint) as lines,
    currency
from line_sums
