{{ union_sources('users', ['salesforce', 'hubspot', 'neocrm', 'custom']) }}
