{{ union_sources('contacts', ['custom']) }}
