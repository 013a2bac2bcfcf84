with

settings as (
    select * from {{ ref('run_settings') }}
),

opportunities as (
    select * from {{ ref('opportunities') }}
),

opportunity_leads as (
    select * from {{ ref('opportunity_leads') }}
),

leads as (
    select * from {{ ref('leads') }}
),

campaigns as (
    select * from {{ ref('campaigns') }}
),

earliest_leads as (
    select
        opportunity_leads.opportunity_id,
        leads.lead_id,
        leads.created_at,
        leads.campaign_id,
        leads.channel
    from opportunity_leads
    inner join leads on opportunity_leads.lead_id = leads.lead_id
    qualify
        row_number() over (
            partition by opportunity_leads.opportunity_id
            order by leads.created_at, leads.lead_id
        ) = 1
),

own_channels as (
    select
        opportunities.*,
        coalesce(campaigns.channel, {{ channel_of('opportunities.source', 'opportunities.opportunity_id') }}) as own_channel,
        opportunities.campaign_id is not null or opportunities.source is not null as has_own
    from opportunities
    left join campaigns on opportunities.campaign_id = campaigns.campaign_id
)

select
    deals.opportunity_id,
    deals.account_id,
    earliest_leads.lead_id,
    deals.created_at,
    least(deals.created_on, settings.as_of_date) as created_on,
    {{ add_days('deals.created_on', '-settings.lookback_days') }} as starts_on,
    cast(case
        when deals.closed_on <= settings.as_of_date then coalesce(deals.closed_at, deals.closed_on)
        else settings.as_of_date
    end as timestamp) as ended_at,
    earliest_leads.created_at as lead_created_at,
    least(cast(earliest_leads.created_at as date), deals.created_on, settings.as_of_date) as cohort_on,
    case when deals.has_own then deals.own_channel else earliest_leads.channel end as own_channel,
    case when deals.has_own then deals.campaign_id else earliest_leads.campaign_id end as own_campaign_id,
    deals.file_id,
    deals.row_number
from own_channels as deals
cross join settings
left join earliest_leads on deals.opportunity_id = earliest_leads.opportunity_id
