{{ union_sources('contract_changes', ['custom']) }}
