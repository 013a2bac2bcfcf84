{{ union_sources('touchpoints', ['salesforce', 'custom', 'mailchimp', 'events', 'web']) }}
