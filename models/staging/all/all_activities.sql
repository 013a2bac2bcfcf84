{{ union_sources('activities', ['salesforce', 'hubspot', 'neocrm', 'custom']) }}
