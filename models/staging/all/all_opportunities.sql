{{ union_sources('opportunities', ['salesforce', 'hubspot', 'neocrm', 'custom']) }}
