{{ union_sources('contacts', ['salesforce', 'hubspot', 'neocrm', 'custom']) }}
