{{ union_sources('touchpoints', ['custom']) }}
