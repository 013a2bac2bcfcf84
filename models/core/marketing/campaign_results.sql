with

facts as (
    select * from {{ ref('campaign_facts') }}
),

models as (
    select * from {{ ref('attribution_models') }}
),

facts_by_model as (
    select
        facts.*,
        models.model as counted_under
    from facts
    inner join models on coalesce(facts.model, models.model) = models.model
)

{% for basis in ['period', 'cohort'] -%}
select
    '{{ basis }}' as basis,
    {{ basis }}_month as month,
    campaign_id,
    channel,
    counted_under as model,
    {{ roi_sums() }}
from facts_by_model
group by {{ basis }}_month, campaign_id, channel, counted_under
{% if not loop.last -%}
union all
{% endif -%}
{% endfor %}
