{{ union_sources('opportunity_lines', ['custom']) }}
