{%- set dimensions = ['month', 'owner_id', 'product_id', 'product_line', 'industry', 'source'] -%}

with

settings as (
    select * from {{ ref('run_settings') }}
),

closures as (
    select * from {{ ref('opportunity_closures') }}
),

activities as (
    select * from {{ ref('opportunity_activities') }}
),

opportunities as (
    select * from {{ ref('opportunities') }}
),

reps as (
    select * from {{ ref('reps') }}
),

rep_spans as (
    select * from {{ ref('rep_spans') }}
),

products as (
    select * from {{ ref('products') }}
),

events as (
    select
        {%- for dimension in dimensions %}
        {{ dimension }},
        {%- endfor %}
        status,
        amount,
        cycle_days
    from closures
    union all
    select
        {{ month_of('activities.occurred_on') }} as month,
        coalesce(activities.deal_owner_id, '(none)') as owner_id,
        coalesce(opportunities.product_id, '(none)') as product_id,
        coalesce(opportunities.product_line, '(none)') as product_line,
        coalesce(opportunities.industry, '(none)') as industry,
        coalesce(opportunities.source, '(none)') as source,
        'activity' as status,
        null as amount,
        null as cycle_days
    from activities
    inner join opportunities
        on activities.opportunity_id = opportunities.opportunity_id
),

sums as (
    select
        {%- for dimension in dimensions %}
        {{ dimension }},
        {%- endfor %}
        count(case when status = 'won' then 1 end) as won,
        count(case when status = 'lost' then 1 end) as lost,
        {{ money_sum("case when status = 'won' then amount end") }} as won_amount,
        {{ money_sum("case when status = 'lost' then amount end") }} as lost_amount,
        cast(coalesce(sum(case when status = 'won' then cycle_days end), 0) as bigint) as won_cycle_days_sum,
        cast(coalesce(sum(case when status = 'lost' then cycle_days end), 0) as bigint) as lost_cycle_days_sum,
        count(case when status = 'activity' then 1 end) as activities
    from events
    group by {{ dimensions | join(', ') }}
)

select
    sums.month,
    sums.owner_id,
    coalesce(reps.owner_name, sums.owner_id) as owner_name,
    coalesce(rep_spans.team, '(none)') as team,
    coalesce(rep_spans.region, '(none)') as region,
    coalesce(rep_spans.manager_id, '(none)') as manager_id,
    coalesce(managers.owner_name, rep_spans.manager_id, '(none)') as manager_name,
    sums.product_id,
    coalesce(products.product_name, sums.product_id) as product_name,
    sums.product_line,
    sums.industry,
    sums.source,
    sums.won,
    sums.lost,
    sums.won_amount,
    sums.lost_amount,
    sums.won_cycle_days_sum,
    sums.lost_cycle_days_sum,
    sums.activities
from sums
cross join settings
left join reps
    on sums.owner_id = reps.owner_id
left join rep_spans
    on sums.owner_id = rep_spans.owner_id
    and least(last_day(sums.month), settings.as_of_date) >= rep_spans.valid_from_on
    and least(last_day(sums.month), settings.as_of_date) < rep_spans.valid_until_on
left join reps as managers
    on rep_spans.manager_id = managers.owner_id
left join products
    on sums.product_id = products.product_id
