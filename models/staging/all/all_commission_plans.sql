{{ union_sources('commission_plans', ['custom']) }}
