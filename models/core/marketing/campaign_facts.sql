{{ config(materialized='view', schema='work') }}

{#- Relation, day for basis period, day for basis cohort, model, and what is counted. -#}
{% set facts = [
    ('spend_daily', 'spent_on', 'spent_on', 'null', {'cost': 'cost'}),
    ('lead_journeys', 'created_on', 'created_on', 'null', {
        'leads': '1',
        'converted_leads': 'case when days_to_converted is not null then 1 else 0 end',
        'won_leads': 'case when days_to_won is not null then 1 else 0 end',
        'lost_leads': 'case when days_to_lost is not null then 1 else 0 end',
    }),
    ('lead_journeys', 'qualified_on', 'created_on', 'null', {'qualified_leads': '1'}),
    ('opportunity_credits', 'created_on', 'cohort_on', 'model', {'opportunities': 'credit_share'}),
    ('opportunity_credits', 'won_on', 'cohort_on', 'model', {'wins': 'credit_share'}),
    ('revenue_credits', 'moved_on', 'cohort_on', 'model', {
        'pipeline_amount': "case when depth = 'pipeline' then amount else 0 end",
        'booked_amount': "case when depth = 'booked' then amount else 0 end",
        'invoiced_amount': "case when depth = 'invoiced' then amount else 0 end",
        'collected_amount': "case when depth = 'collected' then amount else 0 end",
        'gross_margin_amount': "case when depth = 'gross_margin' then amount else 0 end",
        'uncosted_amount': "case when depth = 'uncosted' then amount else 0 end",
    }),
] -%}
with

settings as (
    select * from {{ ref('run_settings') }}
),

{% for relation in ['spend_daily', 'lead_journeys', 'opportunity_credits', 'revenue_credits'] -%}
{{ relation }} as (
    select * from {{ ref(relation) }}
){{ ',' if not loop.last }}

{% endfor -%}
{% for relation, day, cohort_day, model, given in facts -%}
select
    {{ month_of(relation ~ '.' ~ day) }} as period_month,
    {{ month_of(relation ~ '.' ~ cohort_day) }} as cohort_month,
    coalesce({{ relation }}.campaign_id, '(none)') as campaign_id,
    coalesce({{ relation }}.channel, '(none)') as channel,
    cast({{ model }} as varchar) as model,
    {{ roi_sums(given) }}
from {{ relation }}
cross join settings
where {{ relation }}.{{ day }} <= settings.as_of_date
group by 1, 2, 3, 4, 5
{% if not loop.last -%}
union all
{% endif -%}
{% endfor %}
