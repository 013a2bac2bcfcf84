{{ stage('custom', 'opportunities') }}
