-- A paid click is named by its source, `google / cpc`, which channels.csv tells apart; any other link by its medium.
{% set channel -%}
case
    when lower(utm_medium) in ('cpc', 'ppc', 'cpm', 'paid', 'paid_social', 'paid_search') then utm_source || ' / cpc'
    else coalesce(utm_medium, utm_source, case when referrer is null then 'direct' else 'referral' end)
end
{%- endset %}
with

visits as (
    {{ conform('touchpoints', 'web', table='visits', columns={
        'touchpoint_id': 'visit_id',
        'campaign_id': "'web:' || lower(trim(utm_campaign))",
        'channel': channel,
        'kind': "'visit'",
    }) }}
),

forms as (
    {{ conform('touchpoints', 'web', table='forms', columns={
        'touchpoint_id': 'submission_id',
        'campaign_id': "'web:' || lower(trim(utm_campaign))",
        'channel': channel,
        'kind': "'form'",
    }) }}
)

select * from visits
union all
select * from forms
