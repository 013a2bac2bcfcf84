{{ union_sources('disputes', ['custom']) }}
