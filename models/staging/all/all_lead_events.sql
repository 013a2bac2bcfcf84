{{ union_sources('lead_events', ['neocrm', 'custom']) }}
