{{ union_sources('products', ['custom']) }}
