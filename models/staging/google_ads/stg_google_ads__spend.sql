with

campaign_days as (
    {{ conform('spend', 'google_ads', table='campaign_days', columns={
        'campaign_id': "coalesce(campaign_id, 'google_ads:' || campaign_name)",
        'channel': "coalesce(campaign_type, 'paid_search')",
    }) }}
),

account_days as (
    {{ conform('spend', 'google_ads', table='account_days', columns={'channel': "'paid_search'"}) }}
)

select * from campaign_days
union all
select account_days.*
from account_days
left join (
    select distinct spent_on
    from campaign_days
) as campaign_dates
    on account_days.spent_on = campaign_dates.spent_on
where campaign_dates.spent_on is null
