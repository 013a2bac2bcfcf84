{{ config(materialized='view', schema='work') }}

with

records as (
    select * from {{ ref('opportunity_records') }}
),

closings as (
    select * from {{ ref('opportunity_closings') }}
)

select
    records.opportunity_id,
    records.first_exported_on,
    closings.closed_on,
    closings.first_told_on,
    case
        when closings.closed_on < cast(records.created_at as date) then closings.closed_on
        else cast(records.created_at as date)
    end as started_on
from records
left join closings
    on records.opportunity_id = closings.opportunity_id
