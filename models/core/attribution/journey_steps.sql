{#- However many journeys there are, few steps differ: all of one place in paths of one length are counted together. -#}

with

settings as (
    select * from {{ ref('run_settings') }}
),

{# Without the direct steps at its end a path ends with the last step that is not direct. #}
journeys as (
    select
        path_source,
        path,
        regexp_replace(path, '( > direct)+$', '') as path_to_last,
        conversions,
        value_amount,
        nulls
    from {{ ref('journeys') }}
),

steps as (
    {{ path_steps('journeys', 'path') }}
),

placed as (
    select
        steps.*,
        case
            when settings.direct_rule <> 'last_non_direct' or steps.path_to_last in (steps.path, 'direct') then steps.steps
            else 1 + cast((length(steps.path_to_last) - length(replace(steps.path_to_last, ' > ', ''))) / 3 as bigint)
        end as last_step_not_direct
    from steps
    cross join settings
)

select
    path_source,
    steps,
    last_step_not_direct,
    step_number,
    step as channel,
    next_step as next_channel,
    cast(sum(conversions) as decimal(18, 6)) as conversions,
    cast(sum(value_amount) as decimal(28, 12)) as value_amount,
    cast(sum(nulls) as decimal(18, 6)) as nulls
from placed
group by path_source, steps, last_step_not_direct, step_number, step, next_step
