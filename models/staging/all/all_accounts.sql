{{ union_sources('accounts', ['custom']) }}
