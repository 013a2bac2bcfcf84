{{ union_sources('account_events', ['custom']) }}
