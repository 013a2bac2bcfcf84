{{ union_sources('payments', ['neocrm', 'custom']) }}
