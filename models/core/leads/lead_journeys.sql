with

steps as (
    select * from {{ ref('lead_steps') }}
),

clusters as (
    select * from {{ ref('lead_clusters') }}
),

{# A cluster is disqualified when all of its leads are: one of them is often closed only because it was found to be entered twice. #}
cluster_steps as (
    select
        {% for step in ['assigned', 'responded', 'qualified', 'converted', 'won', 'lost'] -%}
        min(steps.{{ step }}_on) as {{ step }}_on,
        {% endfor -%}
        case when count(steps.disqualified_on) = count(*) then max(steps.disqualified_on) end as disqualified_on,
        clusters.survivor_lead_id
    from steps
    inner join clusters on steps.lead_id = clusters.lead_id
    group by clusters.survivor_lead_id
)

select
    survivors.lead_id,
    survivors.created_on,
    survivors.source,
    survivors.channel,
    survivors.campaign_id,
    survivors.product_line,
    survivors.owner_id,
    survivors.team,
    cluster_steps.assigned_on,
    cluster_steps.responded_on,
    cluster_steps.qualified_on,
    cluster_steps.converted_on,
    cluster_steps.won_on,
    cluster_steps.lost_on,
    cluster_steps.disqualified_on,
    {{ duration_days('survivors.created_on', 'cluster_steps.converted_on') }} as days_to_converted,
    {{ duration_days('survivors.created_on', 'cluster_steps.won_on') }} as days_to_won,
    case when cluster_steps.won_on is null then {{ duration_days('survivors.created_on', 'cluster_steps.lost_on') }} end as days_to_lost,
    survivors.days_observed
from steps as survivors
inner join cluster_steps on survivors.lead_id = cluster_steps.survivor_lead_id
