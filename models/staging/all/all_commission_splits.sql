{{ union_sources('commission_splits', ['custom']) }}
