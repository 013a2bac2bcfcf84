with

movements as (
    select * from {{ ref('pipeline_period_movements') }}
),

standings as (
    select * from {{ ref('pipeline_standings') }}
),

spans as (
    select * from {{ ref('waterfall_spans') }}
),

reps as (
    select * from {{ ref('reps') }}
),

steps as (
    {%- for step, day in [('opening', 'opens_on'), ('closing', 'ends_on')] %}
    select
        spans.grain,
        standings.period,
        spans.starts_on,
        spans.ends_on,
        '{{ step }}' as step,
        standings.owner_id,
        standings.amount,
        standings.opportunities
    from spans
    inner join standings
        on spans.{{ day }} = standings.reporting_date
        and spans.period in ('week', standings.period)
    union all
    {%- endfor %}
    {%- for grain, condition in [('week', 'spans.ends_on = movements.week'), ('period', 'spans.period = movements.period')] %}
    select
        spans.grain,
        movements.period,
        spans.starts_on,
        spans.ends_on,
        movements.step,
        movements.owner_id,
        sum(movements.amount) as amount,
        count(distinct movements.opportunity_id) as opportunities
    from movements
    inner join spans
        on {{ condition }}
        and movements.moved_on > spans.opens_on
        and movements.moved_on <= spans.ends_on
    where spans.grain = '{{ grain }}'
    group by spans.grain, movements.period, spans.starts_on, spans.ends_on, movements.step, movements.owner_id
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    steps.grain,
    steps.period,
    case when steps.grain = 'week' then steps.ends_on end as week,
    steps.starts_on,
    steps.ends_on,
    steps.step,
    steps.owner_id,
    coalesce(reps.owner_name, steps.owner_id) as owner_name,
    cast(steps.amount as decimal(18, 2)) as amount,
    cast(steps.opportunities as bigint) as opportunities
from steps
left join reps
    on steps.owner_id = reps.owner_id
