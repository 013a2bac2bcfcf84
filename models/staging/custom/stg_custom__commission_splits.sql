{{ stage('custom', 'commission_splits') }}
