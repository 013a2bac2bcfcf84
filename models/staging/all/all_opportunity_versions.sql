{{ union_sources('opportunity_versions', ['salesforce', 'hubspot', 'neocrm', 'custom']) }}
