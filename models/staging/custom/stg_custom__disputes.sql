{{ stage('custom', 'disputes') }}
