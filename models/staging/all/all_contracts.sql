{{ union_sources('contracts', ['neocrm', 'custom']) }}
