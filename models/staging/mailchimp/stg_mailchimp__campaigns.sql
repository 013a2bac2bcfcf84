{{ conform('campaigns', 'mailchimp', columns={
    'level': "'campaign'",
    'channel': "'email'",
    'starts_on': 'cast(sent_at as date)',
    'ends_on': 'cast(sent_at as date)',
}) }}
