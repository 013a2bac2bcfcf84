with

versions as (
    select * from {{ ref('all_opportunity_versions') }}
),

history as (
    select * from {{ ref('opportunity_field_history') }}
    where field = 'stage'
),

stages as (
    select * from {{ ref('stages') }}
),

used_stages as (
    select {{ source_of('opportunity_id') }} as source, trim(stage) as stage from versions
    union distinct
    select {{ source_of('opportunity_id') }} as source, new_value as stage from history
    union distinct
    select {{ source_of('opportunity_id') }} as source, old_value as stage from history
)

select
    used_stages.source,
    used_stages.stage,
    stages.sort_order,
    stages.status,
    stages.probability,
    stages.forecast_category,
    stages.expected_days,
    stages.required_fields,
    stages.stage is not null as is_declared
from used_stages
left join stages
    on lower(used_stages.stage) = lower(trim(stages.stage))
    and stages.source in ('*', used_stages.source)
where used_stages.stage is not null
qualify
    row_number() over (
        partition by used_stages.source, used_stages.stage
        order by case when stages.source = '*' then 1 else 0 end
    ) = 1
