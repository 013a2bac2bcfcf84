with

results as (
    select * from {{ ref('campaign_results') }}
),

campaigns as (
    select * from {{ ref('campaigns') }}
)

select
    results.campaign_id,
    coalesce(campaigns.campaign_name, results.campaign_id) as campaign_name,
    results.channel,
    results.month,
    results.basis,
    results.model,
    {{ roi_columns('results') }}
from results
left join campaigns on results.campaign_id = campaigns.campaign_id
