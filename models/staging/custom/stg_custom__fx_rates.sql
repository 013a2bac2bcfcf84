{{ stage('custom', 'fx_rates') }}
