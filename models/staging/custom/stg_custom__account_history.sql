{{ stage('custom', 'account_history') }}
