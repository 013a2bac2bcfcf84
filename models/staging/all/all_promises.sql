{{ union_sources('promises', ['custom']) }}
