{{ union_sources('inventory', ['custom']) }}
