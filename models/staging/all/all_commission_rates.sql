{{ union_sources('commission_rates', ['custom']) }}
