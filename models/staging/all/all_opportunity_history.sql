{{ union_sources('opportunity_history', ['salesforce', 'hubspot', 'custom']) }}
