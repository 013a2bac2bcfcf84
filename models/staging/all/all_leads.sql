{{ union_sources('leads', ['custom']) }}
