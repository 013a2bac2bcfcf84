{{ union_sources('manager_overrides', ['custom']) }}
