{{ config(materialized='table', schema='work') }}

with

paths as (
    select * from {{ ref('all_paths') }}
)

select
    path,
    currency,
    cast(sum(coalesce(total_conversions, 0)) as decimal(18, 6)) as conversions,
    cast(sum(coalesce(total_conversion_value, 0)) as decimal(28, 12)) as document_value,
    cast(sum(coalesce(total_null, 0)) as decimal(18, 6)) as nulls
from paths
group by path, currency
