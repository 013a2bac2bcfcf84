{{ union_sources('lead_events', ['custom']) }}
