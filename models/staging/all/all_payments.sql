{{ union_sources('payments', ['custom']) }}
