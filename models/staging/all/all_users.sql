{{ union_sources('users', ['custom']) }}
