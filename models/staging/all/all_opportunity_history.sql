{{ union_sources('opportunity_history', ['custom']) }}
