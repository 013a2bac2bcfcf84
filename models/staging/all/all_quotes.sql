{{ union_sources('quotes', ['neocrm', 'custom']) }}
