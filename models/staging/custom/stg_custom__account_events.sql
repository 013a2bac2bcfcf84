{{ stage('custom', 'account_events') }}
