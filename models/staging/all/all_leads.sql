{{ union_sources('leads', ['salesforce', 'hubspot', 'neocrm', 'custom']) }}
