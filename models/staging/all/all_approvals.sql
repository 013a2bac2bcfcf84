{{ union_sources('approvals', ['custom']) }}
