{{ union_sources('invoice_lines', ['custom']) }}
