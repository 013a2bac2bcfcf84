{{ config(materialized='view', schema='work') }}

with

disputes as (
    select * from {{ ref('all_disputes') }}
),

reporting_dates as (
    select * from {{ ref('reporting_dates') }}
)

select distinct
    reporting_dates.reporting_date,
    disputes.invoice_id
from disputes
inner join reporting_dates
    on disputes.opened_on <= reporting_dates.reporting_date
    and coalesce(disputes.resolved_on, cast('9999-12-31' as date)) > reporting_dates.reporting_date
