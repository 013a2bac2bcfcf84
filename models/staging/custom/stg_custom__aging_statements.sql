{{ stage('custom', 'aging_statements') }}
