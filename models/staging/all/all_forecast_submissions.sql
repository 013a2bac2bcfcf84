{{ union_sources('forecast_submissions', ['custom']) }}
