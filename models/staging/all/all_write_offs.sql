{{ union_sources('write_offs', ['custom']) }}
