{{ config(materialized='view', schema='work') }}

{% set facts = [
    ('spend_daily', 'spent_on', 'null', {'cost': 'cost'}),
    ('lead_journeys', 'created_on', 'null', {
        'leads': '1',
        'converted_leads': 'case when days_to_converted is not null then 1 else 0 end',
        'won_leads': 'case when days_to_won is not null then 1 else 0 end',
        'lost_leads': 'case when days_to_lost is not null then 1 else 0 end',
    }),
    ('lead_journeys', 'qualified_on', 'null', {'qualified_leads': '1'}),
    ('opportunity_credits', 'created_on', 'model', {'opportunities': 'credit_share', 'pipeline_amount': 'pipeline_amount'}),
    ('opportunity_credits', 'won_on', 'model', {'wins': 'credit_share', 'booked_amount': 'booked_amount'}),
] -%}
with

settings as (
    select * from {{ ref('run_settings') }}
),

{% for relation in ['spend_daily', 'lead_journeys', 'opportunity_credits'] -%}
{{ relation }} as (
    select * from {{ ref(relation) }}
){{ ',' if not loop.last }}

{% endfor -%}
{% for relation, day, model, given in facts -%}
select
    {{ month_of(relation ~ '.' ~ day) }} as month,
    coalesce({{ relation }}.campaign_id, '(none)') as campaign_id,
    coalesce({{ relation }}.channel, '(none)') as channel,
    cast({{ model }} as varchar) as model,
    cast(sum({{ given.get('cost', '0') }}) as decimal(18, 2)) as cost,
    cast(sum({{ given.get('leads', '0') }}) as bigint) as leads,
    cast(sum({{ given.get('qualified_leads', '0') }}) as bigint) as qualified_leads,
    cast(sum({{ given.get('converted_leads', '0') }}) as bigint) as converted_leads,
    cast(sum({{ given.get('won_leads', '0') }}) as bigint) as won_leads,
    cast(sum({{ given.get('lost_leads', '0') }}) as bigint) as lost_leads,
    cast(sum({{ given.get('opportunities', '0') }}) as decimal(18, 6)) as opportunities,
    cast(sum({{ given.get('wins', '0') }}) as decimal(18, 6)) as wins,
    cast(sum({{ given.get('pipeline_amount', '0') }}) as decimal(18, 2)) as pipeline_amount,
    cast(sum({{ given.get('booked_amount', '0') }}) as decimal(18, 2)) as booked_amount
from {{ relation }}
cross join settings
where {{ relation }}.{{ day }} <= settings.as_of_date
group by 1, 2, 3, 4
{% if not loop.last -%}
union all
{% endif -%}
{% endfor %}
