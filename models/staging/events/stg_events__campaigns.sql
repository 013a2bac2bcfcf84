with

attendees as (
    {{ stage('events', 'attendees') }}
),

numbered as (
    select
        *,
        min(occurred_at) over (partition by event_id) as first_at,
        max(occurred_at) over (partition by event_id) as last_at,
        row_number() over (partition by event_id order by occurred_at desc, file_id desc, row_number desc) as age
    from attendees
    where event_id is not null
),

events as (
    select * from numbered
    where age = 1
)

{{ conform('campaigns', 'events', table='attendees', relation='events', columns={
    'campaign_id': 'event_id',
    'name': 'event_name',
    'level': "'campaign'",
    'channel': "coalesce(channel, 'events')",
    'starts_on': 'cast(first_at as date)',
    'ends_on': 'cast(last_at as date)',
}) }}
