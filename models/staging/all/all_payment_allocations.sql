{{ union_sources('payment_allocations', ['custom']) }}
