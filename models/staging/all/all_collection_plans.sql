{{ union_sources('collection_plans', ['neocrm', 'custom']) }}
