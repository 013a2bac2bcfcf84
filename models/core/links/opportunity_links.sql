with

versions as (
    select
        *,
        substr(opportunity_id, length(source_name) + 2) as own_id
    from {{ ref('all_opportunity_versions') }}
)

select
    'custom:' || own_id as source_opportunity_id,
    min(opportunity_id) as opportunity_id
from versions
group by own_id
having count(distinct source_name) = 1 and min(source_name) <> 'custom'
