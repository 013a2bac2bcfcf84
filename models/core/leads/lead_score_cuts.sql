{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
)

select
    {{ add_days('as_of_date', 1) }} as cut_on,
    true as is_for_scoring
from settings
union all
select
    {{ add_months('settings.as_of_date', '-3 * quarters.number') }} as cut_on,
    false as is_for_scoring
from settings
cross join {{ numbers(1, 4) }} as quarters
