{{ union_sources('quotes', ['custom']) }}
