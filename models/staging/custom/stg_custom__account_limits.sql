{{ stage('custom', 'account_limits') }}
