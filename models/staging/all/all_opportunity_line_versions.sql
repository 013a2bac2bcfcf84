{{ union_sources('opportunity_line_versions', ['custom']) }}
