{{ union_sources('spend', ['custom']) }}
