{# The CTEs up to `topmost`: what stands for each level row on a date, from the CTE `holders` (reporting_date, period,
   owner_id, amount). A manager's own amount stands for everybody below him, else those below are summed. Level rep holds
   what each person has himself, a manager's where `with_managers_own` says so. #}
{% macro topmost_of(holders, with_managers_own) -%}
levels as (
    select * from {{ ref('rep_levels') }}
),

hierarchy as (
    select * from {{ ref('rep_hierarchy') }}
    where distance > 0
),

managers as (
    select distinct
        reporting_date,
        manager_id
    from hierarchy
),

managing_holders as (
    select {{ holders }}.*
    from {{ holders }}
    inner join managers
        on {{ holders }}.reporting_date = managers.reporting_date
        and {{ holders }}.owner_id = managers.manager_id
),

covered_holders as (
    select distinct
        managing_holders.reporting_date,
        managing_holders.period,
        hierarchy.owner_id,
        levels.level,
        levels.level_id
    from managing_holders
    inner join hierarchy
        on managing_holders.reporting_date = hierarchy.reporting_date
        and managing_holders.owner_id = hierarchy.manager_id
    inner join levels
        on managing_holders.reporting_date = levels.reporting_date
        and managing_holders.owner_id = levels.owner_id
    left join hierarchy as reversed
        on hierarchy.reporting_date = reversed.reporting_date
        and hierarchy.owner_id = reversed.manager_id
        and hierarchy.manager_id = reversed.owner_id
    where reversed.owner_id is null
),

topmost as (
    select
        {{ holders }}.reporting_date,
        {{ holders }}.period,
        levels.level,
        levels.level_id,
        {{ money_sum(holders ~ '.amount') }} as amount
    from {{ holders }}
    inner join levels
        on {{ holders }}.reporting_date = levels.reporting_date
        and {{ holders }}.owner_id = levels.owner_id
    left join covered_holders
        on {{ holders }}.reporting_date = covered_holders.reporting_date
        and {{ holders }}.period = covered_holders.period
        and {{ holders }}.owner_id = covered_holders.owner_id
        and levels.level = covered_holders.level
        and levels.level_id = covered_holders.level_id
    left join managers
        on levels.level = 'rep'
        and {{ holders }}.reporting_date = managers.reporting_date
        and {{ holders }}.owner_id = managers.manager_id
    where
        covered_holders.owner_id is null
        {%- if not with_managers_own %}
        and managers.manager_id is null
        {%- endif %}
    group by {{ holders }}.reporting_date, {{ holders }}.period, levels.level, levels.level_id
)
{%- endmacro %}
