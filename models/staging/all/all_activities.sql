{{ union_sources('activities', ['custom']) }}
