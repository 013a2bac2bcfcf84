with

journeys as (
    select * from {{ ref('journeys') }}
),

steps as (
    {{ path_steps('journeys', 'path') }}
),

stated_names as (
    select distinct step
    from steps
    where path_source = 'paths'
),

{# A path of opportunities names channels as the marts do; one that was exported is still to be translated. #}
names as (
    select
        'paths' as path_source,
        stated_names.step,
        coalesce({{ channel_of('stated_names.step', "'custom:'") }}, '(none)') as channel
    from stated_names
)

select
    steps.path_source,
    steps.path,
    steps.step_number,
    coalesce(names.channel, steps.step) as channel,
    coalesce(next_names.channel, steps.next_step) as next_channel,
    steps.conversions,
    steps.value_amount,
    steps.nulls
from steps
left join names
    on steps.path_source = names.path_source
    and steps.step = names.step
left join names as next_names
    on steps.path_source = next_names.path_source
    and steps.next_step = next_names.step
