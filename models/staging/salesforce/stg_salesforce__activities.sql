-- What an activity was with and about is one id each, of whichever object: it is looked up in those that were exported.
with

activities as (
    {{ stage('salesforce', 'activities') }}
),

leads as (
    {{ stage('salesforce', 'leads') }}
),

contacts as (
    {{ stage('salesforce', 'contacts') }}
),

opportunities as (
    {{ stage('salesforce', 'opportunities') }}
),

accounts as (
    {{ stage('salesforce', 'accounts') }}
),

related as (
    select
        activities.*,
        leads.lead_id,
        opportunities.opportunity_id,
        coalesce(activities.account_id, accounts.account_id, opportunities.account_id, contacts.account_id) as of_account_id
    from activities
    left join leads on activities.who_id = leads.lead_id
    left join contacts on activities.who_id = contacts.contact_id
    left join opportunities on activities.what_id = opportunities.opportunity_id
    left join accounts on activities.what_id = accounts.account_id
)

{{ conform(
    'activities', 'salesforce', relation='related',
    columns={
        'occurred_at': 'coalesce(starts_at, completed_at, cast(activity_on as timestamp), created_at)',
        'kind': "coalesce(kind, case when starts_at is not null then 'event' else 'task' end)",
        'direction': "case lower(call_type) when 'inbound' then 'in' when 'in' then 'in' when 'internal' then null else 'out' end",
        'lead_id': 'lead_id',
        'opportunity_id': 'opportunity_id',
        'account_id': 'of_account_id',
    },
    where="not coalesce(is_removed, false)",
    names={'owner_id': ['users', 'user_id', 'name']}
) }}
