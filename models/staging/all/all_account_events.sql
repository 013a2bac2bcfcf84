{{ union_sources('account_events', ['neocrm', 'custom']) }}
