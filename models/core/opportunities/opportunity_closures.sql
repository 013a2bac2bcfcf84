with

opportunities as (
    select * from {{ ref('opportunities') }}
    where closed_on is not null
),

spans as (
    select * from {{ ref('opportunity_spans') }}
)

select
    opportunities.opportunity_id,
    opportunities.status,
    opportunities.created_on,
    opportunities.closed_on,
    {{ month_of('opportunities.closed_on') }} as month,
    coalesce(spans.owner_id, opportunities.owner_id, '(none)') as owner_id,
    coalesce(opportunities.product_id, '(none)') as product_id,
    coalesce(opportunities.product_line, '(none)') as product_line,
    coalesce(opportunities.industry, '(none)') as industry,
    coalesce(opportunities.source, '(none)') as source,
    opportunities.amount,
    {{ duration_days('opportunities.created_on', 'opportunities.closed_on') }} as cycle_days,
    opportunities.file_id,
    opportunities.row_number
from opportunities
left join spans
    on opportunities.opportunity_id = spans.opportunity_id
    and opportunities.closed_on >= spans.valid_from_on
    and opportunities.closed_on < spans.valid_until_on
