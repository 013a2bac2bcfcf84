{{ stage('custom', 'accounts') }}
