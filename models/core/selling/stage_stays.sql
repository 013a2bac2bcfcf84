-- What a deal did in a stage altogether, however often it was there: days up to as_of_date, and what came after it.

with

settings as (
    select * from {{ ref('run_settings') }}
),

spans as (
    select
        spans.opportunity_id,
        coalesce(spans.stage, '(none)') as stage,
        spans.stage_order,
        spans.status,
        coalesce(spans.owner_id, '(none)') as owner_id,
        coalesce(spans.product_line, '(none)') as product_line,
        spans.valid_from_on,
        least(spans.valid_until_on, {{ add_days('settings.as_of_date', 1) }}) as until_on
    from {{ ref('opportunity_spans') }} as spans
    inner join settings
        on spans.valid_from_on <= settings.as_of_date
),

opportunities as (
    select * from {{ ref('opportunities') }}
),

stays as (
    select
        opportunity_id,
        stage,
        product_line,
        max(stage_order) as stage_order,
        max_by(owner_id, valid_from_on) as owner_id,
        min(valid_from_on) as entered_on,
        max(until_on) as left_on,
        sum({{ days_between('valid_from_on', 'until_on') }}) as days_in_stage
    from spans
    where status = 'open'
    group by opportunity_id, stage, product_line
),

followed_stays as (
    select
        stays.opportunity_id,
        stays.stage,
        stays.stage_order,
        stays.owner_id,
        stays.product_line,
        stays.entered_on,
        stays.left_on,
        stays.days_in_stage,
        bool_or(later.status = 'won' or coalesce(later.status = 'open' and later.stage_order > stays.stage_order, false)) as is_advanced,
        bool_or(later.status = 'lost' and later.valid_from_on >= stays.left_on) as is_followed_by_loss,
        max(case when later.status = 'open' then later.valid_from_on end) as last_open_on
    from stays
    left join spans as later
        on stays.opportunity_id = later.opportunity_id
        and stays.entered_on < later.valid_from_on
    group by stays.opportunity_id, stays.stage, stays.stage_order, stays.owner_id, stays.product_line, stays.entered_on, stays.left_on, stays.days_in_stage
)

select
    followed_stays.opportunity_id,
    followed_stays.stage,
    followed_stays.stage_order,
    followed_stays.owner_id,
    followed_stays.product_line,
    followed_stays.entered_on,
    cast(followed_stays.days_in_stage as bigint) as days_in_stage,
    opportunities.status = 'won' as is_won,
    not coalesce(opportunities.status = 'open' and coalesce(opportunities.stage, '(none)') = followed_stays.stage, false) as is_left,
    coalesce(followed_stays.is_advanced, false) as is_advanced,
    not coalesce(followed_stays.is_advanced, false)
    and coalesce(followed_stays.is_followed_by_loss, false)
    and opportunities.status = 'lost'
    and coalesce(followed_stays.last_open_on < followed_stays.left_on, true) as is_lost
from followed_stays
inner join opportunities
    on followed_stays.opportunity_id = opportunities.opportunity_id
