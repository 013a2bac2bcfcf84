{{ union_sources('returns', ['custom']) }}
