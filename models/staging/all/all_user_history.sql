{{ union_sources('user_history', ['custom']) }}
