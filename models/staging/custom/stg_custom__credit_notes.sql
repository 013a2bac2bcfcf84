{{ stage('custom', 'credit_notes') }}
