with

pipeline_dates as (
    select * from {{ ref('pipeline_dates') }}
),

accuracy_periods as (
    select * from {{ ref('accuracy_periods') }}
)

select reporting_date from pipeline_dates
union distinct
select reporting_date from accuracy_periods
