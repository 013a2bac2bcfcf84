{{ union_sources('collection_plans', ['custom']) }}
