{{ stage('custom', 'commission_rates') }}
