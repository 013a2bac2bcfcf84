with

versions as (
    select
        *,
        {{ own_id('opportunity_id', 'source_name') }} as own_id
    from {{ ref('all_opportunity_versions') }}
),

pins as (
    select * from {{ ref('link_rules') }}
    where entity = 'opportunity' and kind = 'pin'
),

forbidden as (
    select * from {{ ref('link_rules') }}
    where entity = 'opportunity' and kind = 'forbid'
),

stated as (
    select
        stated.source_opportunity_id,
        stated.source_name,
        stated.own_id,
        coalesce(pins.target_id, stated.opportunity_id) as opportunity_id
    from {{ ref('stated_opportunity_ids') }} as stated
    left join pins
        on stated.opportunity_id = pins.source_id
),

records as (
    select
        source_name,
        own_id,
        opportunity_id
    from versions
    union all
    select
        source_name,
        own_id,
        opportunity_id
    from stated
),

one_deal as (
    select
        own_id,
        min(opportunity_id) as opportunity_id
    from records
    group by own_id
    having count(distinct source_name) = 1 and min(source_name) <> 'custom'
),

named as (
    {{ as_named_by('one_deal', ['custom']) }}
),

same_ids as (
    select named.*
    from named
    left join pins
        on named.named_id = pins.source_id
    left join forbidden
        on named.named_id in (forbidden.source_id, forbidden.target_id)
        and named.opportunity_id in (forbidden.source_id, forbidden.target_id)
    where pins.kind is null
        and forbidden.kind is null
)

select
    named_id as source_opportunity_id,
    opportunity_id,
    'same_id' as rule,
    {{ link_confidence("'same_id'") }} as confidence
from same_ids
union all
select
    source_opportunity_id,
    opportunity_id,
    'stated_id' as rule,
    {{ link_confidence("'stated_id'") }} as confidence
from stated
union all
select
    pins.source_id as source_opportunity_id,
    coalesce(further.target_id, stated.opportunity_id, pins.target_id) as opportunity_id,
    'pinned' as rule,
    cast(1 as decimal(18, 6)) as confidence
from pins
left join pins as further
    on pins.target_id = further.source_id
left join stated
    on pins.target_id = stated.source_opportunity_id
