{{ union_sources('commission_assignments', ['custom']) }}
