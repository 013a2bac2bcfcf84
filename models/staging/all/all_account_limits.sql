{{ union_sources('account_limits', ['custom']) }}
