with

movements as (
    select * from {{ ref('revenue_movements') }}
),

weights as (
    select * from {{ ref('attribution_weights') }}
),

touches as (
    select * from {{ ref('opportunity_touches') }}
),

models as (
    select * from {{ ref('attribution_models') }}
),

totals as (
    select
        *,
        sum(amount) over (
            partition by opportunity_id, depth
            order by moved_on
            rows between unbounded preceding and current row
        ) as amount_to_here
    from movements
    where opportunity_id is not null
),

weighed as (
    select
        totals.depth,
        totals.opportunity_id,
        totals.moved_on,
        totals.cohort_on,
        totals.amount_to_here,
        weights.model,
        weights.touchpoint_id,
        weights.weight
    from totals
    inner join weights on totals.opportunity_id = weights.opportunity_id
),

{# What a touch is entitled to after each day's movements; a movement is what exceeds that of the day before. #}
entitled as (
    {{ allocate('weighed', 'amount_to_here', 'weight', 'opportunity_id, model, depth, moved_on', 'touchpoint_id', 'credit_to_here') }}
),

posted as (
    select
        *,
        cast(credit_to_here - lag(credit_to_here, 1, cast(0 as decimal(18, 2))) over (
            partition by opportunity_id, touchpoint_id, model, depth
            order by moved_on
        ) as decimal(18, 2)) as amount
    from entitled
)

select
    posted.depth,
    posted.opportunity_id,
    posted.touchpoint_id,
    posted.model,
    touches.channel,
    touches.campaign_id,
    posted.moved_on,
    posted.cohort_on,
    posted.amount
from posted
inner join touches
    on posted.opportunity_id = touches.opportunity_id
    and posted.touchpoint_id = touches.touchpoint_id
where posted.amount <> 0
union all
select
    movements.depth,
    '(none)' as opportunity_id,
    'none:(none)' as touchpoint_id,
    models.model,
    'unattributed' as channel,
    'unattributed' as campaign_id,
    movements.moved_on,
    movements.cohort_on,
    movements.amount
from movements
cross join models
where movements.opportunity_id is null
