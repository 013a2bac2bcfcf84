{{ config(materialized='view', schema='work') }}

select reporting_date
from {{ ref('reporting_dates') }}
where is_month_end or is_as_of
