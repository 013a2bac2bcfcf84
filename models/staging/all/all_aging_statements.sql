{{ union_sources('aging_statements', ['custom']) }}
