{{ union_sources('campaigns', ['custom']) }}
