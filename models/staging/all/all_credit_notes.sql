{{ union_sources('credit_notes', ['custom']) }}
