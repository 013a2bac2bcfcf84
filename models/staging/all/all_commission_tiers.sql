{{ union_sources('commission_tiers', ['custom']) }}
