with

leads as (
    select * from {{ ref('all_leads') }}
),

campaigns as (
    select * from {{ ref('campaigns') }}
),

rep_spans as (
    select * from {{ ref('rep_spans') }}
)

select
    leads.lead_id,
    leads.created_at,
    cast(leads.created_at as date) as created_on,
    leads.source,
    coalesce(
        {{ channel_of('leads.channel', 'leads.lead_id') }},
        campaigns.channel,
        {{ channel_of('leads.source', 'leads.lead_id') }}
    ) as channel,
    leads.campaign_id,
    leads.company_name,
    leads.person_name,
    leads.email,
    leads.phone,
    leads.city,
    leads.region,
    leads.industry,
    leads.size,
    leads.grade,
    leads.product_line,
    leads.project_name,
    leads.business_unit,
    leads.owner_id,
    rep_spans.team,
    rep_spans.is_estimated as is_team_estimated,
    leads.assigned_at,
    leads.status,
    leads.qualified_at,
    leads.converted_at,
    leads.opportunity_id,
    leads.account_id,
    leads.file_id,
    leads.row_number
from leads
left join campaigns on leads.campaign_id = campaigns.campaign_id
left join rep_spans
    on leads.owner_id = rep_spans.owner_id
    and cast(leads.created_at as date) >= rep_spans.valid_from_on
    and cast(leads.created_at as date) < rep_spans.valid_until_on
