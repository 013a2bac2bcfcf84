{{ stage('custom', 'forecast_submissions') }}
