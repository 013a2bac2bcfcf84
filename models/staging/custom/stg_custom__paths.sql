{{ stage('custom', 'paths') }}
