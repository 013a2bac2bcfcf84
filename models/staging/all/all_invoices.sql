{{ union_sources('invoices', ['custom']) }}
