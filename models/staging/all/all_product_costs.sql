{{ union_sources('product_costs', ['custom']) }}
