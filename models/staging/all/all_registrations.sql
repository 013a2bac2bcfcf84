{{ union_sources('registrations', ['custom']) }}
