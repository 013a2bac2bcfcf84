{{ config(materialized='view', schema='work') }}

with

stated as (
    select
        *,
        other_source || ':' || other_own_id as other_id
    from {{ ref('all_stated_ids') }}
    where entity = 'opportunity'
),

exported as (
    select distinct opportunity_id
    from {{ ref('stg_salesforce__opportunity_versions') }}
),

decided as (
    select * from {{ ref('link_rules') }}
    where entity = 'opportunity'
),

pinned as (
    select distinct source_id from decided
    where kind = 'pin'
)

select
    stated.record_id as source_opportunity_id,
    stated.source_name,
    {{ own_id('stated.record_id', 'stated.source_name') }} as own_id,
    stated.other_id as opportunity_id
from stated
inner join exported
    on stated.other_id = exported.opportunity_id
left join pinned
    on stated.record_id = pinned.source_id
left join decided as forbidden
    on forbidden.kind = 'forbid'
    and stated.record_id in (forbidden.source_id, forbidden.target_id)
    and stated.other_id in (forbidden.source_id, forbidden.target_id)
where pinned.source_id is null
    and forbidden.kind is null
