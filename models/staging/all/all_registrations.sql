{{ union_sources('registrations', ['neocrm', 'custom']) }}
