{{ union_sources('commission_payments', ['custom']) }}
