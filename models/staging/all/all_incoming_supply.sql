{{ union_sources('incoming_supply', ['custom']) }}
