{{ union_sources('orders', ['neocrm', 'custom']) }}
