{{ stage('custom', 'users') }}
