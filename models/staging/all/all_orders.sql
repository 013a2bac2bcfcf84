{{ union_sources('orders', ['custom']) }}
