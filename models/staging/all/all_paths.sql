{{ union_sources('paths', ['custom']) }}
