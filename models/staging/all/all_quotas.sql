{{ union_sources('quotas', ['custom']) }}
