{{ union_sources('opportunity_versions', ['custom']) }}
