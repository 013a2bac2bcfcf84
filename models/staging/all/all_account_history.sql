{{ union_sources('account_history', ['custom']) }}
