{{ union_sources('opportunities', ['custom']) }}
