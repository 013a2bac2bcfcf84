{{ union_sources('shipments', ['custom']) }}
