{{ conform('touchpoints', 'events', table='attendees', columns={
    'campaign_id': 'event_id',
    'channel': "coalesce(channel, 'events')",
    'kind': "coalesce(kind, 'attended')",
}) }}
