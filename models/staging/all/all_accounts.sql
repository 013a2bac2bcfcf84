{{ union_sources('accounts', ['salesforce', 'hubspot', 'neocrm', 'custom']) }}
