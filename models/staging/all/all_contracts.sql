{{ union_sources('contracts', ['custom']) }}
