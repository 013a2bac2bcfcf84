{{ config(schema='work') }}

{%- set key = ['reporting_date', 'period', 'level', 'level_id'] %}

with

keys as (
    select * from {{ ref('landing_keys') }}
),

deals as (
    select * from {{ ref('calibrated_deals') }}
),

levels as (
    select * from {{ ref('rep_levels') }}
),

periods as (
    select * from {{ ref('fiscal_periods') }}
),

new_business as (
    select * from {{ ref('new_business') }}
),

past_periods as (
    select
        keys.*,
        periods.ends_on
    from keys
    inner join periods
        on keys.period_kind = periods.period_kind
        and keys.reporting_date >= periods.ends_on
    qualify
        row_number() over (
            partition by keys.reporting_date, keys.period, keys.level, keys.level_id
            order by periods.ends_on desc
        ) <= {{ var('landing_past_periods') }}
)

select
    {{ key | join(', ') }},
    'won' as kind,
    won_amount as amount,
    cast(1 as decimal(18, 6)) as probability
from keys
union all
select
    {%- for column in key %}
    keys.{{ column }},
    {%- endfor %}
    'open' as kind,
    deals.amount,
    deals.probability
from deals
inner join levels
    on deals.reporting_date = levels.reporting_date
    and deals.owner_id = levels.owner_id
inner join keys
    on deals.reporting_date = keys.reporting_date
    and deals.period = keys.period
    and levels.level = keys.level
    and levels.level_id = keys.level_id
where deals.amount <> 0 and deals.probability > 0
union all
select
    {%- for column in key %}
    past_periods.{{ column }},
    {%- endfor %}
    'new' as kind,
    {{ money_sum('new_business.amount') }} as amount,
    cast(1 as decimal(18, 6)) as probability
from past_periods
left join new_business
    on past_periods.period_kind = new_business.period_kind
    and past_periods.ends_on = new_business.ends_on
    and past_periods.level = new_business.level
    and past_periods.level_id = new_business.level_id
    and past_periods.weeks_left > new_business.weeks_old
group by {% for column in key %}past_periods.{{ column }}, {% endfor %}past_periods.ends_on
