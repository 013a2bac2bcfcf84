{{ stage('custom', 'contracts') }}
